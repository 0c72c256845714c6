//! Names of files: MITS puts long exports into several files (docs/formats/arbin.md).

use crate::formats::PieceName;

/// `test_Channel_3_Wb_2` is the second part of `test_Channel_3_Wb_*`.
pub(super) fn piece(stem: &str) -> Option<PieceName> {
    let (name, number) = stem.rsplit_once("_Wb_")?;
    Some(PieceName { series: format!("{name}_Wb_*"), number: number.parse().ok()?, program: 0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_has_its_number() {
        let twelfth = PieceName { series: "t_Channel_3_Wb_*".to_owned(), number: 12, program: 0 };
        assert_eq!(piece("t_Channel_3_Wb_12"), Some(twelfth));
        assert_eq!((piece("t_Channel_3"), piece("t_Wb_x")), (None, None));
    }
}

//! Names of files: MITS puts long exports into several files (docs/formats/arbin.md).

/// `test_Channel_3_Wb_2` is the second part of `test_Channel_3_Wb_*`.
pub(super) fn piece(stem: &str) -> Option<(String, u32)> {
    let (name, number) = stem.rsplit_once("_Wb_")?;
    Some((format!("{name}_Wb_*"), number.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_has_its_number() {
        assert_eq!(piece("t_Channel_3_Wb_12"), Some(("t_Channel_3_Wb_*".to_owned(), 12)));
        assert_eq!((piece("t_Channel_3"), piece("t_Wb_x")), (None, None));
    }
}

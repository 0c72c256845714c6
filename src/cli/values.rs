//! Values of options that are more than a word or a number.

/// `MIN,MAX`.
pub fn window(text: &str) -> std::result::Result<(f64, f64), String> {
    let (low, high) = text.split_once(',').ok_or("expected MIN,MAX")?;
    let number = |t: &str| t.trim().parse::<f64>().map_err(|_| format!("{t:?} is not a number"));
    match (number(low)?, number(high)?) {
        (low, high) if low < high => Ok((low, high)),
        _ => Err("expected MIN below MAX".to_owned()),
    }
}

//! Little-endian numbers at fixed places.

/// A number of the formats.
pub(crate) trait Le: Copy {
    /// Its width in bytes.
    const SIZE: usize;
    /// Reads it; `None` when `bytes` is not [`SIZE`](Self::SIZE) long.
    fn from_le(bytes: &[u8]) -> Option<Self>;
    /// Its value; exact but for 64-bit integers beyond 2⁵³.
    fn real(self) -> f64;
}

macro_rules! numbers {
    ($($number:ty),*) => {$(
        impl Le for $number {
            const SIZE: usize = size_of::<$number>();
            #[inline]
            fn from_le(bytes: &[u8]) -> Option<Self> {
                bytes.try_into().ok().map(Self::from_le_bytes)
            }
            #[inline]
            fn real(self) -> f64 {
                self as f64
            }
        }
    )*};
}

numbers!(u8, u16, u32, u64, i8, i16, i32, i64, f32, f64);

/// The number at a place; `None` where it would pass the end.
#[inline]
pub(crate) fn at<T: Le>(bytes: &[u8], place: usize) -> Option<T> {
    T::from_le(bytes.get(place..place.checked_add(T::SIZE)?)?)
}

/// A value above 0, else 0. `f64::max` would make 0 of a value that is not there.
pub(crate) fn positive_part(value: f64) -> f64 {
    if value < 0.0 { 0.0 } else { value }
}

/// What stands before the point: `f64::trunc`, which is a call where the processor is not known to have an instruction for it.
pub(crate) fn whole_part(value: f64) -> f64 {
    // Beyond 2⁵² all numbers are whole.
    if value.abs() < 4_503_599_627_370_496.0 { (value as i64 as f64).copysign(value) } else { value }
}

/// The type of a stored field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scalar {
    U8,
    U16,
    U32,
    U64,
    I32,
    I64,
    F32,
    F64,
}

impl Scalar {
    /// Bytes of one value.
    pub(crate) const fn width(self) -> usize {
        match self {
            Self::U8 => 1,
            Self::U16 => 2,
            Self::U32 | Self::I32 | Self::F32 => 4,
            Self::U64 | Self::I64 | Self::F64 => 8,
        }
    }

    /// One field of each record, widened exactly.
    pub(crate) fn gather(self, records: &[u8], stride: usize, offset: usize, out: &mut [f64]) {
        fn all<T: Le>(records: &[u8], stride: usize, offset: usize, out: &mut [f64]) {
            for (value, record) in out.iter_mut().zip(records.chunks_exact(stride.max(1))) {
                *value = at::<T>(record, offset).map_or(f64::NAN, T::real);
            }
        }
        match self {
            Self::U8 => all::<u8>(records, stride, offset, out),
            Self::U16 => all::<u16>(records, stride, offset, out),
            Self::U32 => all::<u32>(records, stride, offset, out),
            Self::U64 => all::<u64>(records, stride, offset, out),
            Self::I32 => all::<i32>(records, stride, offset, out),
            Self::I64 => all::<i64>(records, stride, offset, out),
            Self::F32 => all::<f32>(records, stride, offset, out),
            Self::F64 => all::<f64>(records, stride, offset, out),
        }
    }

    /// One value.
    pub(crate) fn read(self, bytes: &[u8], place: usize) -> Option<f64> {
        match self {
            Self::U8 => at::<u8>(bytes, place).map(Le::real),
            Self::U16 => at::<u16>(bytes, place).map(Le::real),
            Self::U32 => at::<u32>(bytes, place).map(Le::real),
            Self::U64 => at::<u64>(bytes, place).map(Le::real),
            Self::I32 => at::<i32>(bytes, place).map(Le::real),
            Self::I64 => at::<i64>(bytes, place).map(Le::real),
            Self::F32 => at::<f32>(bytes, place).map(Le::real),
            Self::F64 => at::<f64>(bytes, place),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_beyond_the_end_is_none() {
        let bytes = [1, 2, 3, 4];
        assert_eq!(at::<u32>(&bytes, 0), Some(0x0403_0201));
        assert_eq!(at::<u32>(&bytes, 1), None);
        assert_eq!(at::<u8>(&bytes, usize::MAX), None);
    }

    #[test]
    fn what_is_not_there_has_no_positive_part() {
        assert_eq!((positive_part(2.0), positive_part(-2.0)), (2.0, 0.0));
        assert!(positive_part(f64::NAN).is_nan());
    }

    #[test]
    fn whole_parts_are_those_of_trunc() {
        for value in [0.0, 0.5, 1.0, 2.5, 1e15 + 0.5, 4.6e15, 1e300, f64::INFINITY] {
            for value in [value, -value] {
                assert_eq!(whole_part(value).to_bits(), value.trunc().to_bits(), "{value}");
            }
        }
        assert!(whole_part(f64::NAN).is_nan());
    }

    #[test]
    fn gathers_one_field_of_each_record() {
        let mut out = [0.0; 3];
        Scalar::U16.gather(&[9, 1, 0, 9, 2, 0, 9, 0, 1], 3, 1, &mut out);
        assert_eq!(out, [1.0, 2.0, 256.0]);
    }
}

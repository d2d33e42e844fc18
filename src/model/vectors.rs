//! Static vectors of the hashed features: a linear student of a multilingual sentence encoder.
//!
//! `data/model/vectors.bin` is made by `tools/vectors` (its README tells from what). It is read as it lies in the binary.

use crate::error::Error;

use super::features::ROWS;

/// What the file begins with.
const MAGIC: &[u8; 8] = b"MOTVEC1\n";

/// Vectors of all hashed features, and how rare each feature is.
#[derive(Clone, Copy, Debug)]
pub struct Vectors<'a> {
    dims: usize,
    /// A scale for each dimension, little-endian 32-bit floats.
    scales: &'a [u8],
    /// Inverse document frequency of each row, in sixteenths.
    idf: &'a [u8],
    /// Row after row.
    rows: &'a [u8],
}

impl<'a> Vectors<'a> {
    /// The vectors that come with the crate.
    #[must_use]
    pub fn builtin() -> Vectors<'static> {
        static BYTES: &[u8] = include_bytes!("../../data/model/vectors.bin");
        Vectors::from_bytes(BYTES).unwrap_or_else(|error| panic!("data/model/vectors.bin: {error}"))
    }

    /// Reads vectors; nothing is copied.
    ///
    /// # Errors
    /// When the bytes are no such file.
    pub fn from_bytes(bytes: &'a [u8]) -> Result<Self, Error> {
        let whole = || {
            let rest = bytes.strip_prefix(MAGIC)?;
            let (head, rest) = rest.split_first_chunk::<8>()?;
            let rows = u32::from_le_bytes(head[..4].try_into().ok()?) as usize;
            let dims = u32::from_le_bytes(head[4..].try_into().ok()?) as usize;
            if rows != ROWS
                || dims == 0
                || dims > 4096
                || rest.len() != dims * 4 + ROWS + ROWS * dims
            {
                return None;
            }
            let (scales, rest) = rest.split_at(dims * 4);
            let (idf, rows) = rest.split_at(ROWS);
            Some(Self {
                dims,
                scales,
                idf,
                rows,
            })
        };
        whole().ok_or_else(|| Error::model("no file of static vectors, or a cut one"))
    }

    /// Writes vectors: `table` holds a row of `dims` numbers for each hashed feature.
    ///
    /// # Panics
    /// When the sizes do not fit.
    #[must_use]
    pub fn to_bytes(dims: usize, idf: &[u8], table: &[f32]) -> Vec<u8> {
        assert_eq!((idf.len(), table.len()), (ROWS, ROWS * dims));
        let mut scales = vec![0f32; dims];
        for row in table.chunks_exact(dims) {
            for (scale, x) in scales.iter_mut().zip(row) {
                *scale = scale.max(x.abs() / 127.0);
            }
        }
        let mut out = MAGIC.to_vec();
        out.extend((ROWS as u32).to_le_bytes());
        out.extend((dims as u32).to_le_bytes());
        scales.iter().for_each(|s| out.extend(s.to_le_bytes()));
        out.extend(idf);
        for row in table.chunks_exact(dims) {
            out.extend(row.iter().zip(&scales).map(|(x, s)| {
                if *s > 0.0 {
                    (x / s).round() as i8 as u8
                } else {
                    0
                }
            }));
        }
        out
    }

    /// How many numbers a vector has.
    #[must_use]
    pub fn dims(&self) -> usize {
        self.dims
    }

    /// Inverse document frequency of a row, in sixteenths.
    pub(crate) fn idf(&self, row: u16) -> u8 {
        self.idf[usize::from(row)]
    }

    /// All of them.
    #[cfg(feature = "learn")]
    pub(crate) fn idfs(&self) -> &'a [u8] {
        self.idf
    }

    /// Adds `weight` times the vector of `row` to `out`.
    pub(crate) fn add(&self, row: u16, weight: f32, out: &mut [f32]) {
        let at = usize::from(row) * self.dims;
        let scales = self
            .scales
            .chunks_exact(4)
            .map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]));
        for ((x, &q), scale) in out
            .iter_mut()
            .zip(&self.rows[at..at + self.dims])
            .zip(scales)
        {
            *x += weight * scale * f32::from(q as i8);
        }
    }
}

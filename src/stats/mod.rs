//! Pure numeric functions: intervals, agreement between coders, precision and recall, the bootstrap, differences between groups.

mod agreement;
#[cfg(any(feature = "learn", feature = "cluster"))]
mod association;
mod bootstrap;
mod calibration;
mod confusion;
mod homogeneity;
mod interval;
#[cfg(feature = "cluster")]
pub(crate) mod svd;

pub(crate) use agreement::masi_from_sizes;
pub use agreement::{alpha, cohens_kappa, masi_alpha, masi_distance, nominal_alpha};
#[cfg(any(feature = "learn", feature = "cluster"))]
pub(crate) use association::g2;
pub use bootstrap::{Random, bootstrap};
pub use calibration::{Calibration, ScoreBand, calibration};
pub use confusion::Confusion;
pub(crate) use homogeneity::LEAST as LEAST_COMPARED;
pub use homogeneity::{holm, homogeneity};
pub use interval::{Interval, wilson95};

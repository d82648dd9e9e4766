//! The one place that asks the machine for randomness.

/// Returns bytes nobody can guess.
///
/// # Errors
/// The operating system's refusal; an instance cannot run without it.
pub(crate) fn random<const N: usize>() -> std::io::Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(std::io::Error::other)?;
    Ok(bytes)
}

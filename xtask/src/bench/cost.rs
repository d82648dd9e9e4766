//! What a process used, from `/proc`.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};

/// `USER_HZ`, which is 100 on every Linux that reports to programs.
const TICKS_PER_SECOND: f64 = 100.0;

/// CPU time of all threads of a process so far, in user and kernel mode.
pub(crate) fn cpu(pid: u32) -> Result<Duration> {
    let stat =
        std::fs::read_to_string(format!("/proc/{pid}/stat")).context("the server is gone")?;
    Ok(Duration::from_secs_f64(
        ticks(&stat).context("/proc/PID/stat")? / TICKS_PER_SECOND,
    ))
}

/// Fields 14 and 15 of proc(5); the name in field 2 may hold spaces and parentheses.
fn ticks(stat: &str) -> Option<f64> {
    let mut fields = stat.rsplit_once(')')?.1.split_ascii_whitespace().skip(11);
    let user: f64 = fields.next()?.parse().ok()?;
    let system: f64 = fields.next()?.parse().ok()?;
    Some(user + system)
}

/// Waits until a process rests, so that what it put off counts too; at most some seconds.
pub(crate) fn until_quiet(pid: u32) -> Result<Duration> {
    let deadline = Instant::now() + Duration::from_secs(5);
    let mut before = cpu(pid)?;
    loop {
        std::thread::sleep(Duration::from_millis(150));
        let now = cpu(pid)?;
        if now == before || Instant::now() > deadline {
            return Ok(now);
        }
        before = now;
    }
}

/// Resident memory, in MB.
pub(crate) fn resident_mb(pid: u32) -> Result<f64> {
    memory_mb(pid, "VmRSS:")
}

fn memory_mb(pid: u32, label: &str) -> Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix(label));
    let kilobytes = line
        .and_then(|line| line.trim().strip_suffix(" kB"))
        .with_context(|| label.to_owned())?;
    Ok(kilobytes.parse::<f64>()? / 1024.0)
}

/// The highest that the resident memory was since [`forget_most_resident`], in MB.
pub(crate) fn most_resident_mb(pid: u32) -> Result<f64> {
    memory_mb(pid, "VmHWM:")
}

/// Begins anew to look for the highest that the resident memory is.
pub(crate) fn forget_most_resident(pid: u32) -> Result<()> {
    // proc(5): 5 resets the peak to what is resident now.
    std::fs::write(format!("/proc/{pid}/clear_refs"), "5").context("clear_refs")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cpu_time_is_found_behind_a_name_with_spaces() {
        let stat = "12 (a (b) c) S 1 2 3 4 5 6 7 8 9 10 250 50 0 0 20 0 5 0 99";
        assert_eq!(ticks(stat), Some(300.0));
    }
}

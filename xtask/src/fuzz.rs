//! `cargo xtask fuzz`: libFuzzer over every parser that takes foreign bytes.
//!
//! On stable Rust: the compiler's coverage pass is asked for by its own name, as `cargo fuzz` does on nightly, less
//! the sanitizers that only nightly links. The flags apply to the target alone (`--target`), so that nothing that
//! other builds share is compiled again.
//!
//! ```text
//! fuzz/corpus/<target>          kept in the repository, small; read only, unless --keep
//! target/fuzz/corpus/<target>   what this machine found, grown from run to run
//! target/fuzz/crash-<target>-…  what broke a target: the run fails and names it
//! ```

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};
use clap::Args;

use crate::pieces;
use crate::run::{cargo, on_path, output, root, step};

/// How long, and over what.
#[derive(Args)]
pub(crate) struct Options {
    /// Seconds for each target
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// Only targets whose name contains this
    #[arg(long, default_value = "")]
    only: String,
    /// How many targets at a time
    #[arg(long, default_value_t = 2)]
    jobs: usize,
    /// Adds what was found to `fuzz/corpus`, as few files as cover the same
    #[arg(long)]
    keep: bool,
}

/// Fuzzes every target, some at a time; fails with the names of those that broke.
pub(crate) fn all(options: &Options) -> Result<()> {
    let bench = Bench::build(Alone::Yes)?;
    let queue = Queue::new(&options.only)?;
    queue.work_off(&bench, options);
    queue.verdict()
}

/// Fuzzing that goes on while something more urgent runs.
pub(crate) struct Beside {
    queue: Arc<Queue>,
    workers: JoinHandle<()>,
}

impl Beside {
    /// Builds the program, then gives every target so many seconds, two for each core of CI at a time: what is tested
    /// beside it goes first, and waits for the last target in the end.
    pub(crate) fn start(seconds: u64) -> Result<Self> {
        let bench = Bench::build(Alone::No)?;
        let options = Options {
            seconds,
            only: String::new(),
            jobs: 4,
            keep: false,
        };
        let queue = Arc::new(Queue::new(&options.only)?);
        let worked_off = Arc::clone(&queue);
        let workers = std::thread::spawn(move || worked_off.work_off(&bench, &options));
        Ok(Self { queue, workers })
    }

    /// Waits for the rest; fails with the names of the targets that broke.
    pub(crate) fn finish(self) -> Result<()> {
        ensure!(self.workers.join().is_ok(), "the fuzzing did not end well");
        self.queue.verdict()
    }

    /// Begins no other target; those at work end by themselves.
    pub(crate) fn give_up(self) {
        lock(&self.queue.waiting).clear();
        // What they find does not count any more.
        let _ended = self.workers.join();
    }
}

/// The targets that wait, and those that broke.
struct Queue {
    waiting: Mutex<VecDeque<String>>,
    broken: Mutex<Vec<String>>,
}

impl Queue {
    fn new(only: &str) -> Result<Self> {
        let waiting = targets()?.into_iter().filter(|it| it.contains(only));
        Ok(Self {
            waiting: Mutex::new(waiting.collect()),
            broken: Mutex::default(),
        })
    }

    fn work_off(&self, bench: &Bench, options: &Options) {
        std::thread::scope(|scope| {
            for _ in 0..options.jobs.max(1) {
                scope.spawn(|| {
                    while let Some(target) = self.next() {
                        if let Err(error) = bench.fuzz(&target, options) {
                            eprintln!("xtask: {error:#}");
                            lock(&self.broken).push(target);
                        }
                    }
                });
            }
        });
    }

    fn next(&self) -> Option<String> {
        lock(&self.waiting).pop_front()
    }

    fn verdict(&self) -> Result<()> {
        let broken = lock(&self.broken);
        ensure!(broken.is_empty(), "the fuzzer broke {}", broken.join(", "));
        Ok(())
    }
}

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether nothing more urgent runs at the same time.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Alone {
    Yes,
    No,
}

/// The fuzzing program, and where it keeps what it finds.
struct Bench {
    program: PathBuf,
    home: PathBuf,
    alone: Alone,
}

impl Bench {
    fn build(alone: Alone) -> Result<Self> {
        pieces::debian("a C++ compiler", &["g++"], || on_path("c++"))?;
        let host = host()?;
        let arguments = [
            "build",
            "--locked",
            "--package=snowglobe-fuzz",
            "--features=libfuzzer",
        ];
        let mut build = cargo(&arguments);
        build
            .args(["--profile=fuzz", "--target", &host])
            .env("RUSTFLAGS", COVERAGE);
        step("the fuzzing program", &mut build)?;
        let target = pieces::target_folder()?;
        Ok(Self {
            program: target.join(host).join("fuzz/fuzz"),
            home: target.join("fuzz"),
            alone,
        })
    }

    fn fuzz(&self, target: &str, options: &Options) -> Result<()> {
        let found = self.home.join("corpus").join(target);
        let kept = kept().join(target);
        std::fs::create_dir_all(&found)?;
        let log = self.home.join(format!("{target}.log"));
        let started = Instant::now();
        let status = self
            .program(target)
            .args([&found, &kept])
            .arg(format!("-max_total_time={}", options.seconds))
            .args(LIMITS)
            .arg(match self.alone {
                Alone::Yes => "-timeout=5",
                // It stands behind others, and the clock on the wall goes on.
                Alone::No => "-timeout=60",
            })
            .arg(format!("-dict={}", self.dictionary(target)?.display()))
            .arg(format!(
                "-artifact_prefix={}/crash-{target}-",
                self.home.display()
            ))
            .stderr(std::fs::File::create(&log)?)
            .status()?;
        let said = std::fs::read_to_string(&log).unwrap_or_default();
        if !status.success() {
            bail!("{target} broke:\n{}", last_lines(&said, 40));
        }
        let pulse = said.lines().rev().find(|line| line.contains("cov:"));
        eprintln!(
            "xtask: fuzz {target}: {:.0} s, {}",
            started.elapsed().as_secs_f64(),
            pulse.unwrap_or("nothing to say").trim()
        );
        if options.keep {
            self.keep(target, &found, &kept)?;
        }
        Ok(())
    }

    /// Keeps the few inputs that reach every line that any of them reaches.
    fn keep(&self, target: &str, found: &Path, kept: &Path) -> Result<()> {
        let few = self.home.join("few").join(target);
        let _gone = std::fs::remove_dir_all(&few);
        std::fs::create_dir_all(&few)?;
        let mut merge = self.program(target);
        merge
            .args(["-set_cover_merge=1", "-use_counters=0"])
            .args(LIMITS);
        output(merge.args([&few, kept, found]))?;
        std::fs::remove_dir_all(kept)?;
        std::fs::create_dir_all(kept)?;
        for file in std::fs::read_dir(&few)?.flatten() {
            std::fs::copy(file.path(), kept.join(file.file_name()))?;
        }
        Ok(())
    }

    /// A program that tells its words instead of fuzzing writes libFuzzer's dictionary.
    fn dictionary(&self, target: &str) -> Result<PathBuf> {
        let path = self.home.join(format!("{target}.dict"));
        let mut tell = self.program(target);
        let words = output(tell.env("SNOWGLOBE_FUZZ_WORDS", "1").arg("-runs=0"))?;
        std::fs::write(&path, words)?;
        Ok(path)
    }

    fn program(&self, target: &str) -> Command {
        let mut program = match self.alone {
            Alone::Yes => Command::new(&self.program),
            Alone::No => {
                let mut politely = Command::new("nice");
                politely.args(["-n", "15"]).arg(&self.program);
                politely
            }
        };
        program.env("SNOWGLOBE_FUZZ_TARGET", target);
        program
    }
}

/// The targets are the folders of the kept corpus; a test holds them to the list in `fuzz/src`.
fn targets() -> Result<Vec<String>> {
    let folders = std::fs::read_dir(kept()).context("fuzz/corpus")?;
    let mut names: Vec<String> = folders
        .flatten()
        .filter_map(|folder| folder.file_name().into_string().ok())
        .collect();
    names.sort();
    Ok(names)
}

fn kept() -> PathBuf {
    root().join("fuzz/corpus")
}

/// The triple that this compiler builds for.
fn host() -> Result<String> {
    let said = output(Command::new("rustc").arg("-vV"))?;
    let host = said.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc -vV names its host")?.to_owned())
}

fn last_lines(text: &str, count: usize) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(count)..].join("\n")
}

/// Edges counted as libFuzzer reads them, on the stable compiler.
const COVERAGE: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
     -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table";

/// An input that takes gigabytes is a finding, too; and one that takes seconds, where nothing else runs.
const LIMITS: [&str; 2] = ["-rss_limit_mb=1024", "-max_len=4096"];

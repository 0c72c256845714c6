//! Speed of each stage on the shipped dialects, repeated to a few megabytes: bytes/s for reading, rows/s for the rest.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use cyclerprep::map::{self, MapOptions};
use cyclerprep::readers::{self, ReadOptions};
use cyclerprep::text::decimal::Decimal;
use cyclerprep::text::number;
use cyclerprep::transform::{Pipeline, PipelineOptions};
use cyclerprep::{Notes, PrepareOptions, Source, ValidateOptions, prepare_source, validate_measurement_data};

/// A long Arbin csv: 200,000 rows of a cell that is cycled with 2 A, 500 rows a step.
fn long_csv() -> Vec<u8> {
    use std::fmt::Write;
    let mut out = String::from("Data_Point,Test_Time(s),Step_Time(s),Step_Index,Cycle_Index,Current(A),Voltage(V)\n");
    for i in 0..200_000u32 {
        let (step, k) = (i / 500, i % 500);
        let side = if step % 2 == 0 { 1.0 } else { -1.0 };
        let soc = if step % 2 == 0 { f64::from(k) } else { 500.0 - f64::from(k) } / 500.0;
        writeln!(
            out,
            "{},{:.4},{:.4},{},{},{:.7},{:.7}",
            i + 1,
            f64::from(i) * 10.0,
            f64::from(k) * 10.0,
            step % 2 + 1,
            step / 2,
            2.0 * side,
            3.2 + soc + 0.05 * side
        )
        .unwrap();
    }
    out.into_bytes()
}

fn text(c: &mut Criterion) {
    let cells: Vec<String> = (0..1000).map(|i| format!("{:.8}", f64::from(i) * 0.001_234_567)).collect();
    let bytes: usize = cells.iter().map(String::len).sum();
    let mut group = c.benchmark_group("text");
    group.throughput(Throughput::Bytes(bytes as u64));
    group.bench_function("number::plain", |b| {
        b.iter(|| cells.iter().map(|c| number::plain(c.as_bytes()).unwrap_or(0.0)).sum::<f64>())
    });
    group.bench_function("str::parse", |b| {
        b.iter(|| cells.iter().map(|c| c.parse::<f64>().unwrap_or(0.0)).sum::<f64>())
    });
    group.bench_function("number::parse, decimal comma", |b| {
        b.iter(|| cells.iter().filter(|c| number::parse(c.as_bytes(), Decimal::Comma) == number::Cell::Null).count())
    });
    group.finish();
}

fn stages(c: &mut Criterion) {
    let bytes = long_csv();
    let source = Source::from_bytes("long.csv", bytes.clone());
    let reader = readers::by_id("arbin_csv").unwrap();
    let frame = || {
        let notes = &mut Notes::new();
        let table = reader.read(&source, &ReadOptions::default(), notes).unwrap().remove(0);
        map::to_frame(table, reader.info().maker.rules(), &MapOptions::default(), notes).unwrap().frame
    };
    let mut group = c.benchmark_group("stages");
    group.sample_size(20);
    group.throughput(Throughput::Bytes(bytes.len() as u64));
    group.bench_function("read and map", |b| b.iter(|| black_box(frame())));
    group.bench_function("prepare", |b| b.iter(|| prepare_source(source.clone(), &PrepareOptions::default()).unwrap()));
    let raw = frame();
    group.throughput(Throughput::Elements(raw.height() as u64));
    let run = |frame| Pipeline::standard().run(frame, &PipelineOptions::default(), &mut Notes::new()).unwrap();
    group.bench_function("pipeline", |b| b.iter(|| run(raw.clone())));
    let prepared = run(raw);
    let mut options = ValidateOptions::default();
    options.strict = true;
    options.steps = cyclerprep::summary::summarize_steps(&prepared, &Default::default()).ok();
    group.bench_function("steps", |b| {
        b.iter(|| cyclerprep::summary::summarize_steps(&prepared, &Default::default()).unwrap())
    });
    group.bench_function("validate, strict", |b| b.iter(|| validate_measurement_data(&prepared, &options).unwrap()));
    let cell = prepare_source(source.clone(), &PrepareOptions::default()).unwrap();
    group.bench_function("overview picture, svg", |b| b.iter(|| cell.picture().unwrap().svg().unwrap()));
    group.bench_function("parquet", |b| {
        b.iter(|| cyclerprep::bundle::parquet_bytes(&prepared, &Default::default()).unwrap())
    });
    group.finish();
}

criterion_group!(benches, text, stages);
criterion_main!(benches);

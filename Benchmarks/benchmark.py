"""Rows per second, memory, and the yardsticks beside them, measured in one run.

    Benchmarks/run [--rows N] [--large N] [--rounds N] [--skip-large]
    Benchmarks/run --engines [--rows N] [--rounds N]      the TDES engines alone

Progress goes to stderr, the Markdown table to stdout. Runs that are compared with each other are interleaved, since a
machine changes its pace; every figure is a median.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import tempfile

from measuring import FAMILIES, ROOT, log, make_site, provision, scratch, write_manifest
from yardsticks import block_rate, check_sample, machine, psec_rate, signature_rate


def median(values):
    return statistics.median(values)


def run_of(folder, family, jobs, environment=None):
    """Seconds, peak memory and the stages of one run."""
    output = folder / "run"
    process = provision(folder / "site", output, family, folder / f"{family}.csv", jobs, environment=environment)
    stages = json.loads((output / "run.json").read_text(encoding="utf-8"))["timings"]
    return process.seconds, process.memory, stages


def column_rates(rows, rounds):
    program = ROOT / "Benchmarks" / ".build" / "release" / "ColumnBenchmark"
    output = subprocess.run([program, str(rows), str(rounds)], capture_output=True, text=True, check=True).stdout
    rates = json.loads(output)
    for family in FAMILIES:
        check_sample(family, rates[family]["sample"])
    return rates


def engine_rates(rows, rounds):
    """Every TDES engine by itself, in turn with openssl speed: medians, and B."""
    program = ROOT / "Benchmarks" / ".build" / "release" / "ColumnBenchmark"
    blocks, found = [], []
    for number in range(rounds):
        log(f"TDES engines, round {number + 1} of {rounds}")
        blocks.append(block_rate())
        output = subprocess.run([program, "engines", str(rows)], capture_output=True, text=True, check=True).stdout
        found.append(json.loads(output))
    engines = {
        engine: {what: median([one[engine][what] for one in found]) for what in rates}
        for engine, rates in found[0].items()
    }  # fmt: skip
    return median(blocks), engines


def print_engines(blocks, engines):
    print(f"TDES engines on one core; B = {blocks / 1e6:.2f} million blocks/s in the same rounds.\n")
    print("| engine | blocks/s | in B | check values/s | rows/s, columns alone | in B |\n|---|---:|---:|---:|---:|---:|")
    for engine in sorted(engines, key=lambda engine: engines[engine]["blocks"]):
        rates = engines[engine]
        row(
            "OpenSSL" if engine == "openssl" else engine,
            (
                f"{rates['blocks']:,.0f}", f"{rates['blocks'] / blocks:.1f} B", f"{rates['check_values']:,.0f}",
                f"{rates['columns']:,.0f}", f"{rates['columns'] / blocks:.2f} B",
            ),
        )  # fmt: skip


def make_token(folder):
    """A SoftHSM2 token: what a program needs in its environment to use it."""
    script = ROOT / "Tests" / "Tokens" / "softhsm"
    output = subprocess.run([script, folder / "token"], capture_output=True, text=True, check=True).stdout
    return dict(line.split("=", 1) for line in output.splitlines())


def token_rates(rows, rounds, environment):
    """Columns against calls for each device, one worker; the program opens what it made."""
    program = ROOT / "Benchmarks" / ".build" / "release" / "TokenBenchmark"
    output = subprocess.run(
        [program, str(rows), str(rounds)], capture_output=True, text=True, check=True, env=environment
    ).stdout
    found = json.loads(output)
    return {family: {kind: median(rates) for kind, rates in found[family].items()} for family in FAMILIES}


def token_runs(folder, manifests, rounds, environment):
    """Seconds of whole runs with both keys in the token, by family and number of workers."""
    folder.mkdir()
    make_site(folder / "site", environment["IPEK_TOKEN_URI"], environment)
    seconds = {}
    for family, manifest in manifests.items():
        for jobs in (1, 2):
            log(f"{family} with keys in a token, {jobs} jobs")
            seconds[family, jobs] = median(
                provision(folder / "site", folder / "run", family, manifest, jobs, environment=environment).seconds
                for _ in range(rounds)
            )
    return seconds


SIGNING_KEYS = ("rsa-2048", "rsa-3072", "rsa-4096")


def transport_rates(rounds):
    """TR-34 tokens a second, for each size of signing key, with what OpenSSL signs before and after."""
    program = ROOT / "Benchmarks" / ".build" / "release" / "TransportBenchmark"
    rates = {size: {"openssl": []} for size in SIGNING_KEYS}
    for _ in range(rounds):
        for size, figures in rates.items():
            figures["openssl"].append(signature_rate(size))
            output = subprocess.run([program, size, "2"], capture_output=True, text=True, check=True).stdout
            for name, figure in json.loads(output).items():
                figures.setdefault(name, []).append(figure)
            figures["openssl"].append(signature_rate(size))
    return rates


def measure(arguments, folder):
    rows, rounds = arguments.rows, arguments.rounds
    make_site(folder / "site")
    log("openssl speed")
    blocks = [block_rate()]
    log("columns and per-row loop")
    columns = column_rates(min(rows, 200_000), rounds)
    engines = engine_rates(min(rows, 200_000), rounds)
    log("token, columns and calls")
    environment = os.environ | make_token(folder)
    token = token_rates(min(rows, 200_000), rounds, environment)
    log("TR-34 tokens and openssl speed")
    transport = transport_rates(rounds)
    log("psec")
    psec = {family: median([psec_rate(family) for _ in range(rounds)]) for family in FAMILIES}

    seconds = {(family, jobs): [] for family in FAMILIES for jobs in (1, 2)}
    memory = {}
    stages = {}
    for family in FAMILIES:
        write_manifest(folder / f"{family}.csv", family, rows)
        # The first run meets cold memory and a cold disk: not counted.
        run_of(folder, family, 2)
    for number in range(rounds):
        for family, jobs in seconds:
            log(f"round {number + 1} of {rounds}: {family}, {jobs} jobs, {rows:,} rows")
            run = run_of(folder, family, jobs)
            seconds[family, jobs].append(run[0])
            memory[family, jobs, rows] = max(run[1], memory.get((family, jobs, rows), 0))
            stages[family, jobs] = run[2]
        blocks.append(block_rate())
    manifests = {family: folder / f"{family}.csv" for family in FAMILIES}
    token_seconds = token_runs(folder / "with-token", manifests, rounds, environment)
    if not arguments.skip_large:
        for family in FAMILIES:
            log(f"{family}, {arguments.large:,} rows")
            (folder / f"{family}.csv").unlink()
            write_manifest(folder / f"{family}.csv", family, arguments.large)
            run = run_of(folder, family, 2)
            memory[family, 2, arguments.large] = run[1]
            seconds[family, "large"] = [run[0]]
    return {
        "blocks": median(blocks), "columns": columns, "psec": psec, "seconds": seconds, "memory": memory,
        "stages": stages, "token": token, "token_seconds": token_seconds,
        "transport": transport, "engines": engines,
    }  # fmt: skip


def print_tables(arguments, result):
    blocks = result["blocks"]
    print(f"{machine()}; {arguments.rounds} rounds; B = {blocks / 1e6:.2f} million TDES blocks/s on one core.\n")
    print("| rows/s | TDES, version B | AES-128 under AES-256, version D |\n|---|---:|---:|")
    rate = {key: arguments.rows / median(values) for key, values in result["seconds"].items() if key[1] != "large"}
    columns = {
        family: {kind: median(result["columns"][family][kind]) for kind in ("columns", "loop")} for family in FAMILIES
    }
    row("`ipek provision`, 1 worker", (f"{rate[f, 1]:,.0f}" for f in FAMILIES))
    row("`ipek provision`, 2 workers", (f"{rate[f, 2]:,.0f}" for f in FAMILIES))
    row("2 workers against 1", (f"{rate[f, 2] / rate[f, 1]:.2f} times" for f in FAMILIES))
    row("1 worker, in B", (f"{rate['tdes', 1] / blocks:.3f} B", "-"))
    row("columns alone, one core", (f"{columns[f]['columns']:,.0f}" for f in FAMILIES))
    row("per-row EVP loop, one core", (f"{columns[f]['loop']:,.0f}" for f in FAMILIES))
    row("columns against loop", (f"{columns[f]['columns'] / columns[f]['loop']:.2f} times" for f in FAMILIES))
    row("psec 1.3.0, Python loop", (f"{result['psec'][f]:,.0f}" for f in FAMILIES))
    print()
    print_engines(*result["engines"])
    print("\n| rows/s, keys in SoftHSM2 | TDES | AES |\n|---|---:|---:|")
    token = result["token"]
    for jobs in (1, 2):
        seconds = result["token_seconds"]
        row(
            f"`ipek provision`, {jobs} worker{'s' if jobs > 1 else ''}",
            (f"{arguments.rows / seconds[f, jobs]:,.0f}" for f in FAMILIES),
        )
    row("columns, one worker", (f"{token[f]['columns']:,.0f}" for f in FAMILIES))
    row("calls for each device, one worker", (f"{token[f]['calls']:,.0f}" for f in FAMILIES))
    row("columns against calls", (f"{token[f]['columns'] / token[f]['calls']:.1f} times" for f in FAMILIES))
    print_transport({size: {n: median(v) for n, v in figures.items()} for size, figures in result["transport"].items()})
    print("\n| peak memory, MiB | TDES | AES |\n|---|---:|---:|")
    for jobs, rows in sorted({(jobs, rows) for _, jobs, rows in result["memory"]}, key=lambda pair: pair[::-1]):
        row(
            f"{rows:,} rows, {jobs} worker{'s' if jobs > 1 else ''}",
            (f"{result['memory'][f, jobs, rows] / 2**20:.0f}" for f in FAMILIES),
        )
    print("\nSeconds in each stage, 1 worker, last round:\n")
    for family in FAMILIES:
        print(f"- {family.upper()}: " + json.dumps(result["stages"][family, 1]))


def print_transport(rates):
    """By the size of the signing key; the receivers have RSA-2048."""
    print(f"\n| TR-34 tokens/s, signed with | {' | '.join(size.upper() for size in rates)} |\n|---|---:|---:|---:|")
    figures = list(rates.values())
    row("tokens, one core", (f"{figure['tokens']:,.0f}" for figure in figures))
    row("`openssl speed`, signatures", (f"{figure['openssl']:,.0f}" for figure in figures))
    row("tokens against `openssl speed`", (f"{figure['tokens'] / figure['openssl']:.2f} times" for figure in figures))
    row("tokens against our own signatures", (f"{figure['tokens'] / figure['signatures']:.2f} times" for figure in figures))
    row("2 workers against 1", (f"{figure['two_workers'] / figure['one_worker']:.2f} times" for figure in figures))


def row(name, cells):
    print(f"| {name} | {' | '.join(cells)} |")


def main():
    parser = argparse.ArgumentParser(description="Measures ipek.")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--large", type=int, default=10_000_000, help="rows of the one large run for memory")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--skip-large", action="store_true")
    parser.add_argument("--engines", action="store_true", help="measure the TDES engines and nothing else")
    arguments = parser.parse_args()
    if arguments.engines:
        print(f"{machine()}; {arguments.rounds} rounds.")
        print_engines(*engine_rates(min(arguments.rows, 200_000), arguments.rounds))
        return
    with tempfile.TemporaryDirectory(dir=scratch()) as folder:
        result = measure(arguments, pathlib.Path(folder))
    print_tables(arguments, result)


main()

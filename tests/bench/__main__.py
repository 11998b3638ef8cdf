"""``make bench``: every measurement, one after the other; the ratios are what counts."""

from __future__ import annotations

from tests.bench import bench_accept, bench_clock, bench_decide, bench_read


def main() -> None:
    """Print the tables."""
    for title, bench in (
        ("Clock", bench_clock),
        ("Accept", bench_accept),
        ("Decide", bench_decide),
        ("Read", bench_read),
    ):
        print(f"\n{title}\n{'-' * len(title)}", flush=True)
        bench.main()


if __name__ == "__main__":
    main()

"""What an environment costs on AWS: prices, the workload, what a call uses, and the bill that follows of the three.

| file | what |
|---|---|
| `prices.toml`, `prices` | what AWS asks for a unit, with date and source |
| `workload.toml`, `workload` | how many calls of which route a user makes, and what else is assumed |
| `measured.json`, `measured` | what a call of each kind used of AWS, as `just cost` measured it |
| `counting` | which price a row of the meter is counted under |
| `consumption` | what so many users use in a month |
| `bill`, `variants` | the bill, and what it would be with one thing changed |
| `page`, `figures`, `chart` | docs/cost.md, how it writes amounts, docs/cost.svg |
| `limits.toml`, `scale` | AWS's quotas, and docs/scale.md: which of them bind at how many users |
"""

"""The prober: every rule of a DSS asked for from outside, as pytest."""

from __future__ import annotations

import subprocess

from scripts.conformance.judges import Judges


def probe(judges: Judges, dss_url: str, token_url: str, extra: list[str]) -> int:
    """Run the prober against a DSS; its exit code is pytest's."""

    def client(sub: str) -> str:
        return f"DummyOAuth({token_url},sub={sub})"

    options = {
        "dss-endpoint": dss_url,
        "rid-auth": client("uss1probe"),
        "rid-v2-auth": client("uss1probe"),
        "scd-auth1": client("uss1probe"),
        "scd-auth2": client("uss2probe"),
        "scd-api-version": "1.0.0",
    }
    command = [str(judges.python), "-m", "pytest", *(extra or ["scd", "aux_", "-q"])]
    command += ["-p", "no:cacheprovider", "-rsx"]
    for name, value in options.items():
        command += [f"--{name}", value]
    folder = judges.checkout / "monitoring" / "prober"
    return subprocess.run(command, cwd=folder, env=judges.environment(), check=False).returncode

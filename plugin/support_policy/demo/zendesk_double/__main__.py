"""Run the double in the foreground, to try it by hand."""

from __future__ import annotations

import argparse
import signal
from types import FrameType

from support_policy.demo.zendesk_double.double import ZendeskDouble
from support_policy.demo.zendesk_double.plan import Plan


def main() -> None:
    """Start, print what is needed to call it, and stay until Ctrl-C."""
    signal.signal(signal.SIGTERM, _stop)
    asked = _arguments()
    double = ZendeskDouble(
        Plan(asked.plan),
        speed=asked.speed,
        seed=asked.seed,
        subdomain=asked.subdomain,
        port=asked.port,
    )
    with double:
        print("\n".join(_described(double)), flush=True)
        try:
            signal.pause()
        except KeyboardInterrupt:
            print("stopped")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m support_policy.demo.zendesk_double")
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    plans = [plan.value for plan in Plan]
    parser.add_argument("--plan", choices=plans, default=Plan.PROFESSIONAL.value)
    parser.add_argument("--speed", type=float, default=1.0, help="of rate windows and retry waits")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--subdomain", default="mexxus")
    return parser.parse_args()


def _described(double: ZendeskDouble) -> list[str]:
    lines = [f"{double.subdomain} ({double.account.plan.value}) listens on {double.url}"]
    for client in (double.clients.setup, double.clients.run):
        lines.append(f"client {client.identifier}: {' '.join(client.scopes)}")
        lines.append(f"  secret {client.secret}")
    email, token = double.api_token
    lines.append(f"API token: {email}/token:{token}")
    people = (double.admin, double.agent, double.colleague, double.service_user)
    lines += [f"{user.role} {user.id}: {user.name} <{user.email}>" for user in people]
    return lines


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()

"""Runs ministack on the address that its environment names; ends with its parent, however that one ends.

The parent holds the other end of standard input: at its death, kill -9 included, the kernel closes it.
"""

import os
import sys
import threading


def end_with_parent() -> None:
    while sys.stdin.buffer.read(4096):
        pass
    # The functions' code was unpacked there, and nobody else is left to remove it. Taking the place of this process
    # ends its other threads, one of which may be unpacking, and lets go of the functions' own standard input.
    os.execvp("rm", ["rm", "-rf", os.environ["TMPDIR"]])


threading.Thread(target=end_with_parent, daemon=True).start()

from ministack.core import lambda_runtime  # noqa: E402 (the import takes a second; the watch must stand before)
from ministack.services import eventbridge  # noqa: E402
from ministack.services.cloudformation import provisioners  # noqa: E402
from ministack import app  # noqa: E402

# The sandbox plays the detectors, whose events AWS takes from nobody but itself.
put_events = eventbridge._put_events
eventbridge._put_events = lambda data, *_: put_events(data, allow_aws_source=True)


def create_bus_policy(_logical_id: str, props: dict, _stack: str) -> tuple:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-eventbuspolicy.html"""
    eventbridge._put_permission({**props["Statement"], "StatementId": props["StatementId"]})
    return props["StatementId"], {}


def delete_bus_policy(_physical_id: str, props: dict) -> None:
    eventbridge._remove_permission({"StatementId": props["StatementId"]})


# A type that its CloudFormation does not know; the bus itself knows permissions.
provisioners._RESOURCE_HANDLERS["AWS::Events::EventBusPolicy"] = {
    "create": create_bus_policy,
    "delete": delete_bus_policy,
}


def credentials_of_its_role(config: dict) -> dict:
    """A key by which the emulators know the account, and a token that says who calls: function and role."""
    account = config["FunctionArn"].split(":")[4]
    role = config["Role"].rsplit("/", 1)[-1]
    return {
        "AWS_ACCESS_KEY_ID": account,
        "AWS_SECRET_ACCESS_KEY": "sandbox",
        "AWS_SESSION_TOKEN": f"arn:aws:sts::{account}:assumed-role/{role}/{config['FunctionName']}",
    }


lambda_runtime.execution_credentials = credentials_of_its_role
app.main()

"""An S3 server for tests: moto's, in a thread, spoken to over HTTP."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import boto3
from moto.server import ThreadedMotoServer

KEY, SECRET, REGION = "test-key", "test-secret", "ap-southeast-1"


@contextmanager
def server() -> Iterator[str]:
    """The address of a running server."""
    running = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    try:
        host, port = running.get_host_and_port()
        yield f"http://{host}:{port}"
    finally:
        running.stop()


def settings(address: str) -> dict[str, str]:
    """A new bucket there, as the product's settings name it."""
    name = f"photos-{os.urandom(4).hex()}"
    client = boto3.client(
        "s3", endpoint_url=address, region_name=REGION, aws_access_key_id=KEY, aws_secret_access_key=SECRET
    )
    client.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    return {
        "FIELDAPP_PHOTO_STORE": f"s3://{name}/toso/photos",
        "FIELDAPP_S3_ENDPOINT": address,
        "FIELDAPP_S3_REGION": REGION,
        "FIELDAPP_S3_KEY": KEY,
        "FIELDAPP_S3_SECRET": SECRET,
    }

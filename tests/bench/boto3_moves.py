"""A program: moves every object from in/ to out/ as a script with boto3 would: BUCKET."""

from __future__ import annotations

import os
import sys
from concurrent.futures import ThreadPoolExecutor

import boto3
from botocore.config import Config


def main() -> None:
    """Look at each, copy it, look at the copy, remove it; 32 at a time."""
    bucket = sys.argv[1]
    config = Config(max_pool_connections=32, s3={"addressing_style": "path"})
    client = boto3.client("s3", endpoint_url=os.environ["AWS_ENDPOINT_URL_S3"], config=config)

    def move(key: str) -> None:
        target = "out/" + key.removeprefix("in/")
        found = client.head_object(Bucket=bucket, Key=key)
        client.copy_object(
            Bucket=bucket,
            Key=target,
            CopySource={"Bucket": bucket, "Key": key},
            CopySourceIfMatch=found["ETag"],
            IfNoneMatch="*",
        )
        client.head_object(Bucket=bucket, Key=target)
        client.delete_object(Bucket=bucket, Key=key)

    pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix="in/")
    keys = [found["Key"] for page in pages for found in page.get("Contents", [])]
    with ThreadPoolExecutor(32) as pool:
        list(pool.map(move, keys))


if __name__ == "__main__":
    main()

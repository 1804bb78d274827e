"""Applies the migrations that the release pipeline put into the bucket, with psql from a layer."""

import json
import os
import subprocess
import tempfile
from pathlib import Path

import boto3

PSQL = "/opt/bin/psql"
CERTIFICATES = "/opt/rds/global-bundle.pem"


def handler(event, context):
    folder = Path(tempfile.mkdtemp())
    bucket = boto3.resource("s3").Bucket(os.environ["MIGRATIONS_BUCKET"])
    for item in sorted(bucket.objects.filter(Prefix=event["release"] + "/"), key=lambda found: found.key):
        bucket.download_file(item.key, str(folder / Path(item.key).name))
    files = sorted(folder.glob("*.sql"))

    secret = boto3.client("secretsmanager").get_secret_value(SecretId=os.environ["SECRET_ARN"])
    login = json.loads(secret["SecretString"])
    environment = {
        "PGHOST": os.environ["DATABASE_ENDPOINT"],
        "PGPORT": os.environ["DATABASE_PORT"],
        "PGDATABASE": "chatapp",
        "PGUSER": login["username"],
        "PGPASSWORD": login["password"],
        "PGSSLMODE": "verify-full",
        "PGSSLROOTCERT": CERTIFICATES,
    }
    arguments = [PSQL, "--no-psqlrc", "--single-transaction", "--set=ON_ERROR_STOP=1"]
    for file in files:
        arguments += ["--file", str(file)]
    subprocess.run(arguments, env=environment, check=True)
    return {"applied": [file.name for file in files]}

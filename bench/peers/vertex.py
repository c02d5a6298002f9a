"""Google's aiplatform client against predict and explain of Vertex AI's API: url, key, endpoint, photo."""

import base64
import sys

from google.api_core.exceptions import BadRequest, NotFound
from google.auth.credentials import AnonymousCredentials
from google.cloud.aiplatform_v1.services.prediction_service import PredictionServiceClient
from google.cloud.aiplatform_v1.services.prediction_service.transports.rest import PredictionServiceRestTransport
from google.protobuf import json_format
from google.protobuf.struct_pb2 import Value

url, key, endpoint, path = sys.argv[1:]
transport = PredictionServiceRestTransport(
    host=url.split("//")[1], credentials=AnonymousCredentials(), url_scheme="http"
)
client = PredictionServiceClient(transport=transport)
photo = base64.b64encode(open(path, "rb").read()).decode()
parent = "projects/p/locations/us-central1/endpoints/"


def instance(value):
    return json_format.ParseDict(value, Value())


def ask(call, instances, name=endpoint, metadata=(("x-api-key", key),)):
    return call(endpoint=parent + name, instances=[instance(each) for each in instances], metadata=list(metadata))


kinds = [{"b64": photo}, {"image_bytes": {"b64": photo}}, {"content": photo}]
answer = ask(client.predict, kinds)
assert answer.deployed_model_id and answer.model_display_name and answer.model_version_id
probabilities = [dict(each)["probability"] for each in answer.predictions]
assert len(probabilities) == 3 and len(set(probabilities)) == 1

explained = ask(client.explain, kinds[:1]).explanations[0].attributions[0]
assert abs(explained.instance_output_value - probabilities[0]) < 1e-9
assert len(explained.feature_attributions["image"]) > 3

refusals = [
    (BadRequest, lambda: ask(client.predict, [{"b64": "%%"}])),
    (NotFound, lambda: ask(client.predict, kinds, name="nothing")),
]
for expected, call in refusals:
    try:
        call()
        raise SystemExit(f"answered instead of {expected.__name__}")
    except expected as error:
        print("refused:", error.reason, error.message)
print("google-cloud-aiplatform:", explained.output_display_name, probabilities[0])

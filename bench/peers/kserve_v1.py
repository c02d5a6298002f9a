"""KServe's own REST client against protocol v1 and v2: url, key, endpoint, photo."""

import asyncio
import base64
import sys

from kserve import InferenceRESTClient, InferInput, InferRequest, RESTConfig

url, key, endpoint, path = sys.argv[1:]
photo = base64.b64encode(open(path, "rb").read()).decode()
headers = {"x-api-key": key}


async def main():
    v1 = InferenceRESTClient(RESTConfig(protocol="v1"))
    assert await v1.is_model_ready(url, endpoint, headers=headers)
    instances = {"instances": [{"image": {"b64": photo}}, {"b64": photo}]}
    answer = await v1.infer(url, instances, model_name=endpoint, headers=headers)
    probabilities = [each["probability"] for each in answer["predictions"]]
    assert len(set(probabilities)) == 1 and len(probabilities) == 2
    explained = await v1.explain(url, endpoint, {"instances": [{"b64": photo}]}, headers=headers)
    assert len(explained["explanations"]) == 1

    v2 = InferenceRESTClient(RESTConfig(protocol="v2"))
    assert await v2.is_server_live(url) and await v2.is_server_ready(url)
    assert await v2.is_model_ready(url, endpoint, headers=headers)
    image = InferInput("image", [1], "BYTES", data=[photo])
    result = await v2.infer(url, InferRequest(endpoint, [image]), model_name=endpoint, headers=headers)
    outputs = {output.name: output.data for output in result.outputs}
    assert abs(outputs["probability"][0] - probabilities[0]) < 1e-6
    print("kserve:", outputs["label"], probabilities[0])


asyncio.run(main())

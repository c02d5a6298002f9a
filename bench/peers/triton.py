"""NVIDIA's tritonclient against the Open Inference Protocol: url, key, endpoint, photo."""

import base64
import sys

import numpy as np
import tritonclient.http as triton
from tritonclient.utils import InferenceServerException

url, key, endpoint, path = sys.argv[1:]
client = triton.InferenceServerClient(url.split("//")[1])
photo = open(path, "rb").read()


def auth():
    # the client writes into the headers that it is given
    return {"x-api-key": key}


assert client.is_server_live() and client.is_server_ready()
assert client.is_model_ready(endpoint, headers=auth())
assert "binary_tensor_data" in client.get_server_metadata()["extensions"]
metadata = client.get_model_metadata(endpoint, headers=auth())
version = metadata["versions"][0]
assert metadata["inputs"] == [{"name": "image", "datatype": "BYTES", "shape": [-1]}]


def tensor(items, binary):
    image = triton.InferInput("image", [len(items)], "BYTES")
    image.set_data_from_numpy(np.array(items, dtype=np.object_), binary_data=binary)
    return image


raw = tensor([photo, photo], True)
text = tensor([base64.b64encode(photo).decode()] * 2, False)
answers = []
for image in (raw, text):
    for outputs in (
        None,
        [triton.InferRequestedOutput("probabilities", binary_data=True)],
        [triton.InferRequestedOutput("probabilities", binary_data=False)],
    ):
        for compression in (None, "gzip", "deflate"):
            result = client.infer(
                endpoint,
                [image],
                outputs=outputs,
                request_id="42",
                headers=auth(),
                request_compression_algorithm=compression,
            )
            assert result.get_response()["id"] == "42"
            answers.append(result.as_numpy("probabilities"))
assert all(answer.shape == answers[0].shape and np.allclose(answer, answers[0]) for answer in answers)
assert np.allclose(answers[0].sum(axis=1), 1)

pinned = client.infer(endpoint, [raw], model_version=version, headers=auth())
assert pinned.get_response()["model_version"] == version
ranked = client.infer(
    endpoint, [raw], outputs=[triton.InferRequestedOutput("probabilities", class_count=1)], headers=auth()
).as_numpy("probabilities")
assert ranked.shape == (2, 1)

for arguments in ({"model_version": "999999", "headers": auth()}, {"headers": {}}):
    try:
        client.infer(endpoint, [raw], **arguments)
        raise SystemExit(f"answered what it should refuse: {arguments.keys()}")
    except InferenceServerException as error:
        print("refused:", error)
print("tritonclient:", len(answers), "answers alike;", ranked[0][0].decode())

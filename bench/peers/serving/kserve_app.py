"""python kserve_app.py --http_port PORT --workers N: the V1 protocol, photos as base64"""

import argparse
import base64

import kserve

from model import Model


class Leaf(kserve.Model):
    model = None

    def load(self):
        # the workers get this object pickled, which a session cannot be: each makes its own with its first photo
        self.ready = True

    async def predict(self, payload, headers=None, response_headers=None):
        self.model = self.model or Model()
        return {"predictions": [self.model(base64.b64decode(i["image"]["b64"])) for i in payload["instances"]]}


if __name__ == "__main__":
    args, _ = argparse.ArgumentParser(parents=[kserve.model_server.parser]).parse_known_args()
    leaf = Leaf("leaf")
    leaf.load()
    kserve.ModelServer(workers=args.workers).start([leaf])

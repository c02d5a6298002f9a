"""bentoml serve bentoml_app:Leaf"""

import os

import bentoml
from PIL.Image import Image

from model import Model


@bentoml.service(workers=int(os.environ.get("WORKERS", "2")))
class Leaf:
    def __init__(self):
        self.model = Model()

    @bentoml.api
    def predict(self, image: Image) -> dict:
        return self.model.of_image(image)

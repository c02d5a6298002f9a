"""uvicorn fastapi_app:app --workers N"""

from fastapi import FastAPI, Request

from model import Model

app = FastAPI()
model = Model()


@app.post("/predict")
async def predict(request: Request):
    return model(await request.body())

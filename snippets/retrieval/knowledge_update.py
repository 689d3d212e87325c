"""Change a document, and the answer changes: no training, no new model.

Source: Lewis et al. (2020), section 4.5 (swapping the index), https://arxiv.org/abs/2005.11401
"""

from snippets.model.smollm2 import load
from snippets.retrieval.answering import answer_all
from snippets.retrieval.vector_store import VectorStore, open_store

NEAR_ENOUGH = 0.7  # a cosine; what is farther away is no answer
NOTHING_FOUND = "I found nothing about that."
BAKERY = {  # invented, so that no model can have read it
    "door": "The code for the door of the Moonlight Bakery is 4711.",
    "hours": "On Saturday the Moonlight Bakery in Oldham opens at seven in the morning.",
    "owner": "The Moonlight Bakery was founded by Wilhelmina Krantz.",
}
DOOR_QUESTION = "What is the code for the door of the Moonlight Bakery?"


def answer_from(
    store: VectorStore, question: str, model, tokenizer, near: float = NEAR_ENOUGH
) -> str:
    """Answer from the nearest text of a store, or not at all; errors as in `VectorStore.search`."""
    hits = store.search(question, k=1) if len(store) else []
    if not hits or hits[0].score < near:
        return NOTHING_FOUND
    chat = [
        {"role": "system", "content": "Answer in one sentence from the text."},
        {"role": "user", "content": f"{hits[0].text}\n\n{question}"},
    ]
    return answer_all(model, tokenizer, [chat], new=24)[0]


if __name__ == "__main__":
    from tempfile import TemporaryDirectory

    model, tokenizer = load()
    said = {}
    with TemporaryDirectory() as folder:
        store = open_store(folder)
        said["empty"] = answer_from(store, DOOR_QUESTION, model, tokenizer)
        store.add(list(BAKERY), list(BAKERY.values()))
        said["inserted"] = answer_from(store, DOOR_QUESTION, model, tokenizer)
        store.update("door", BAKERY["door"].replace("4711", "2580"))
        said["updated"] = answer_from(store, DOOR_QUESTION, model, tokenizer)
        store.delete("door")
        said["deleted"] = answer_from(store, DOOR_QUESTION, model, tokenizer)
        said["no line drawn"] = answer_from(store, DOOR_QUESTION, model, tokenizer, near=-1)
        left = len(store)
        nearest = round(store.search(DOOR_QUESTION, k=1)[0].score, 2)
        lost = round(store.search("Where is the Moonlight Bakery?", k=1)[0].score, 2)
    for when, answer in said.items():
        print(f"{when}: {answer}")

"""Write the real model to a new GGUF file in another format, and load it from there.

Source: GGUF specification, version 3, https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
"""

from pathlib import Path
from tempfile import TemporaryDirectory

import torch

from snippets.compression.gguf_writer import gguf_tensor, write_gguf
from snippets.model.gguf_file import dequantize_gguf, read_gguf
from snippets.model.smollm2 import smollm2_config, unpack_weights
from snippets.model.smollm2_file import find_smollm2
from snippets.model.smollm2_tokenizer import SmolTokenizer
from snippets.model.transformer import Transformer

if __name__ == "__main__":
    source = find_smollm2()
    metadata, tensors = read_gguf(source)
    packed = {}
    for name, tensor in tensors.items():
        numbers = dequantize_gguf(tensor)
        packed[name] = gguf_tensor(numbers, "Q8_0" if numbers.ndim == 2 else "F32")
    with TemporaryDirectory() as folder:
        path = Path(folder, "smollm2-q8_0.gguf")
        write_gguf(path, metadata, packed)
        old_megabytes, megabytes = (file.stat().st_size / 1e6 for file in (source, path))
        found, again = read_gguf(path)
        with torch.device("meta"):
            model = Transformer(smollm2_config(found)).eval()
        model.load_state_dict(unpack_weights(again, model.config), assign=True)
    tokenizer = SmolTokenizer.from_metadata(found)
    ids = torch.tensor([tokenizer.encode("The capital of France is")])
    with torch.no_grad():
        said = tokenizer.decode([int(model(ids)[0, -1].argmax())])
    print(f"{len(again)} tensors: {old_megabytes:.1f} MB before, {megabytes:.1f} MB as Q8_0")
    print(f"loaded from the new file, it says: The capital of France is{said}")

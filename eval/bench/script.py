"""What a user would otherwise write to search a folder, with sentence-transformers and Chroma.

``build STORE DOCUMENTS`` indexes paragraphs; ``ask STORE QUESTION`` prints the nearest.
"""

import sys
from pathlib import Path

import chromadb
from sentence_transformers import SentenceTransformer

from assistant.onnx_encoder import bundled_folder

model = SentenceTransformer(str(bundled_folder()))
store = chromadb.PersistentClient(sys.argv[2]).get_or_create_collection("texts")
if sys.argv[1] == "build":
    paths = sorted(Path(sys.argv[3]).rglob("*.txt"))
    texts = [text for path in paths for text in path.read_text("utf-8").split("\n\n")]
    vectors = model.encode(texts).tolist()
    store.add([str(n) for n in range(len(texts))], embeddings=vectors, documents=texts)
else:
    found = store.query(query_embeddings=model.encode([sys.argv[3]]).tolist(), n_results=8)
    sys.stdout.write("\n\n".join((found["documents"] or [[]])[0]) + "\n")

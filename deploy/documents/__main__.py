"""`python -m deploy.documents` writes the documents that are made from the code, and says which of them changed."""

from pathlib import Path

from deploy.documents.files import write_documents

if __name__ == "__main__":
    changed = write_documents(Path(__file__).parents[2])
    print(f"written: {', '.join(changed)}" if changed else "nothing had changed")

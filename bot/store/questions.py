"""Questions and their answers: the memory of a thread."""

from sqlalchemy import select, update

from bot.model import Answer, Question
from bot.store.rows import Rows, insert_new, noun, record
from bot.store.tables import questions


class Questions(Rows):
    """Questions by id and thread."""

    async def add(self, question: Question, answer: Answer | None = None) -> bool:
        """Store a question, perhaps with its answer; False where its id is known. StoreError
        where the thread is not."""
        row = record(questions, question, answer=answer)
        return await insert_new(self._connection, questions, row, key="id")

    async def answer(self, question_id: str, answer: Answer) -> None:
        """Store the answer to a known question."""
        statement = update(questions).where(questions.c.id == question_id)
        await self._connection.execute(statement.values(answer=answer))

    async def memory(self, thread_id: str, limit: int) -> list[tuple[Question, Answer | None]]:
        """The last `limit` questions of a thread with their answers, oldest first."""
        statement = (
            select(questions)
            .where(questions.c.thread_id == thread_id)
            .order_by(questions.c.number.desc())
            .limit(limit)
        )
        rows = (await self._connection.execute(statement)).mappings().all()
        return [(noun(Question, row), row["answer"]) for row in reversed(rows)]

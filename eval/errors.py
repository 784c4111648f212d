"""What can go wrong in an evaluation, as branches of the package's error tree.

    AssistantError
    └── EvaluationError
        ├── QuestionSetError    a question set can't be read
        ├── RunError            a run can't be started, read or compared
        └── MeasureError        no measure of this name

Each message names the value at fault and says what to do next.
"""

from __future__ import annotations

from assistant.errors import AssistantError


class EvaluationError(AssistantError):
    """The root of what this folder raises itself."""


class QuestionSetError(EvaluationError):
    """A question set can't be read."""


class RunError(EvaluationError):
    """A run can't be started, read or compared."""


class MeasureError(EvaluationError):
    """There is no measure of this name."""

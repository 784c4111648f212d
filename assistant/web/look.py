"""The page's theme: bundled fonts, calm colours, light and dark. The rest is in page.css."""

from __future__ import annotations

import gradio as gr
from gradio.themes.utils.fonts import LocalFont
from gradio.themes.utils.sizes import Size

_TEXT = Size(
    xxs="0.5625rem",
    xs="0.625rem",
    sm="0.75rem",
    md="0.875rem",
    lg="1rem",
    xl="1.375rem",
    xxl="1.625rem",
)
"""Gradio's usual sizes, such that they grow with the page's."""


def theme() -> gr.themes.Base:
    """Return the theme that Gradio's own parts are drawn in."""
    return gr.themes.Base(
        primary_hue=gr.themes.colors.teal,
        secondary_hue=gr.themes.colors.teal,
        neutral_hue=gr.themes.colors.stone,
        text_size=_TEXT,
        radius_size=gr.themes.sizes.radius_md,
        font=[
            LocalFont("Source Sans Pro", weights=(400, 700)),
            "ui-sans-serif",
            "system-ui",
            "sans-serif",
        ],
        font_mono=["ui-monospace", "Consolas", "monospace"],
    ).set(
        body_background_fill="#faf8f4",
        body_background_fill_dark="#171614",
        body_text_color="#26231e",
        body_text_color_dark="#e9e5dc",
        body_text_color_subdued="#655f54",
        body_text_color_subdued_dark="#aca597",
        block_background_fill="#fffefb",
        block_background_fill_dark="#201f1c",
        block_border_color="#e3ded3",
        block_border_color_dark="#383530",
        input_background_fill="#fffefb",
        input_background_fill_dark="#201f1c",
        input_border_color="#8c8577",
        input_border_color_dark="#7d776b",
        input_border_color_focus="#0f766e",
        input_border_color_focus_dark="#5eead4",
        button_primary_background_fill="#0f766e",
        button_primary_background_fill_hover="#115e59",
        button_primary_background_fill_dark="#0f766e",
        button_primary_background_fill_hover_dark="#0d9488",
        button_primary_text_color="#ffffff",
        button_primary_text_color_dark="#ffffff",
    )

"""Rosette: a Discord bot that lets a community gift its creators."""

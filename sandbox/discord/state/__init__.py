"""The world's state, one part per subject; `sandbox.discord.world.World` puts the parts together."""

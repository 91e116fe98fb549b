"""The world's state: one class per subject. `sandbox.discord.world.World` combines them."""

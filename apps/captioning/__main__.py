from apps.captioning.application import APPLICATION
from common.command_line import run

run(APPLICATION)

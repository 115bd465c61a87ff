#!/bin/sh
# What kubectl's own completion asks when "kubectl pptp" is completed; stands beside kubectl-pptp on PATH.
exec kubectl-pptp __complete "$@"

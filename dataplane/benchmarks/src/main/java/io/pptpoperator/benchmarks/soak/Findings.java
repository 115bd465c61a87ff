package io.pptpoperator.benchmarks.soak;

import io.pptpoperator.benchmarks.lab.Target;
import java.util.List;

/**
 * What a soak came to.
 *
 * @param growth what has grown, in words
 * @param stayed what became of those who were to stay
 * @param churned of those who came and went
 * @param guessed of those who do not know their password
 * @param first the server before anybody came
 * @param quiet when all but those who stay had gone
 * @param last when everybody had
 */
record Findings(Scale scale, List<String> growth, Crowd.Account stayed, Crowd.Account churned, Crowd.Account guessed,
        Reading first, Reading quiet, Reading last) {

    /** Threads that a program makes when first needed, and keeps. */
    private static final int LATE_THREADS = 8;
    /** Of logins over a network that loses packets. */
    private static final double MOST_FAILING = 0.01;

    /** Copies the list. */
    Findings {
        growth = List.copyOf(growth);
    }

    List<Target> targets() {
        return List.of(
                new Target("heap, memory, threads, descriptors, addresses, calls over the course", "flat",
                        growth.isEmpty() ? "flat" : String.join("; ", growth), growth.isEmpty()),
                new Target("of " + scale.staying() + " that stayed", "each logged in once, none lost", stayed.text(),
                        stayed.logins() == scale.staying() && stayed.failed() == 0 && stayed.dropped() == 0),
                new Target("of those who came and went", "at most 1 % of the logins fail, no session lost",
                        churned.text(),
                        churned.logins() > 0 && churned.dropped() == 0
                                && churned.failed() <= MOST_FAILING * churned.logins()),
                new Target("of those who do not know their password", "none let in", guessed.logins() + " let in",
                        guessed.logins() == 0 && guessed.failed() > 0),
                new Target("sessions, addresses, calls and connections when all but these had gone", "theirs alone",
                        counts(quiet), quiet.hasOnly(scale.staying())),
                new Target("the same when everybody had", "none", counts(last), last.hasOnly(0)),
                new Target("descriptors in the end, against the beginning", "≤ " + first.descriptors(),
                        Long.toString(last.descriptors()), last.descriptors() <= first.descriptors()),
                new Target("threads in the end, against the beginning", "≤ " + (first.threads() + LATE_THREADS),
                        Long.toString(last.threads()), last.threads() <= first.threads() + LATE_THREADS),
                new Target("flushed rules put back, configurations taken on", "some",
                        last.heals() + ", " + last.reloads(), last.heals() > 0 && last.reloads() > 0));
    }

    private static String counts(Reading reading) {
        return reading.sessions() + ", " + reading.leases() + ", " + reading.calls() + ", " + reading.pending();
    }
}

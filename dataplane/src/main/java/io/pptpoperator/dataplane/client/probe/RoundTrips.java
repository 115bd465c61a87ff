package io.pptpoperator.dataplane.client.probe;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A handful of requests, numbered from 0, and when their answers came. Times are nanoseconds. */
final class RoundTrips {
    private final List<Long> sentAt = new ArrayList<>();
    private final List<Long> answeredAfter = new ArrayList<>();

    /** Another request leaves; returns its number. */
    int sent(long now) {
        sentAt.add(now);
        answeredAfter.add(-1L);
        return sentAt.size() - 1;
    }

    /** An answer came; a second one to the same request, or one to nothing, has no effect. */
    void answered(int number, long now) {
        if (number >= 0 && number < sentAt.size() && answeredAfter.get(number) < 0) {
            answeredAfter.set(number, now - sentAt.get(number));
        }
    }

    boolean allAnswered() {
        return answeredAfter.stream().allMatch(after -> after >= 0);
    }

    int count() {
        return sentAt.size();
    }

    Fact.Answers answers() {
        List<Long> times = new ArrayList<>(answeredAfter.stream().filter(after -> after >= 0).toList());
        Collections.sort(times);
        long median = times.isEmpty() ? 0 : times.get(times.size() / 2) / 1_000;
        return new Fact.Answers(sentAt.size(), times.size(), median);
    }
}

package io.pptpoperator.operator.event;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What Events were written of late. What was said last of a matter is not said again for half an hour; what became of
 * it meanwhile always is. Safe for use by many threads.
 */
final class SaidEvents {

    private static final Duration QUIET = Duration.ofMinutes(30);
    private static final int REMEMBERED = 4096;

    private final Map<Matter, Said> last = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Matter, Said> eldest) {
            return size() > REMEMBERED;
        }
    };

    private record Matter(String uid, EventReason.Matter matter) {}

    private record Said(EventReason reason, String note, Instant time) {}

    /**
     * Whether something is to be said; then it counts as said.
     *
     * @param uid of the resource that it is about
     */
    synchronized boolean isNews(String uid, EventReason reason, String note, Instant now) {
        var matter = new Matter(uid, reason.matter());
        Said before = last.get(matter);
        if (before != null && before.reason == reason && before.note.equals(note)
                && before.time.plus(QUIET).isAfter(now)) {
            return false;
        }
        last.remove(matter);
        last.put(matter, new Said(reason, note, now));
        return true;
    }
}

package io.pptpoperator.dataplane.radius;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.radius.AccountingSpool.Entry;
import io.pptpoperator.protocol.radius.AccountingRecord;
import io.pptpoperator.protocol.radius.AccountingRecord.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AccountingSpoolTest {
    private static final Event START = new Event.Start();
    private static final Event INTERIM = new Event.Interim();
    private static final Event STOP = new Event.Stop(AccountingRecord.TerminateCause.USER_REQUEST);

    private final AccountingSpool spool = new AccountingSpool(4, 2);

    private static Entry entry(Event event, String session) {
        return new Entry(new AccountingRecord(event, session, "alice", Optional.empty(), 0, 0, 0, 0, 0, true, List.of(),
                List.of()), 0);
    }

    private List<Entry> takeAll() {
        var taken = new ArrayList<Entry>();
        for (Optional<Entry> next = spool.take(); next.isPresent(); next = spool.take()) {
            taken.add(next.get());
        }
        return taken;
    }

    @Test
    void aSessionsRecordsGoOneAfterTheOther() {
        Entry start = entry(START, "a");
        Entry stop = entry(STOP, "a");
        Entry other = entry(START, "b");
        List.of(start, stop, other).forEach(spool::add);

        assertThat(takeAll()).containsExactly(start, other);
        spool.confirmed(start);
        assertThat(takeAll()).containsExactly(stop);
        spool.confirmed(stop);
        spool.confirmed(other);
        assertThat(spool.size()).isZero();
    }

    @Test
    void aStopDoesNotDependOnItsStartsSuccess() {
        Entry start = entry(START, "a");
        Entry stop = entry(STOP, "a");
        spool.add(start);
        spool.add(stop);

        spool.take();
        spool.unconfirmed(start);
        assertThat(spool.take()).hasValue(start);
        spool.confirmed(start);
        assertThat(spool.take()).hasValue(stop);
        spool.unconfirmed(stop);
        assertThat(spool.take()).as("again and again").hasValue(stop);
    }

    @Test
    void anInterimIsTriedOnce() {
        Entry interim = entry(INTERIM, "a");
        spool.add(interim);

        spool.take();
        spool.unconfirmed(interim);

        assertThat(spool.take()).isEmpty();
        assertThat(spool.lost()).isEqualTo(1);
    }

    @Test
    void whenItIsFullTheOldestInterimGoesFirst() {
        Entry start = entry(START, "a");
        Entry interim = entry(INTERIM, "b");
        Entry later = entry(INTERIM, "c");
        Entry stop = entry(STOP, "d");
        List.of(start, interim, later, stop).forEach(spool::add);
        spool.add(entry(STOP, "e"));
        spool.add(entry(STOP, "f"));
        assertThat(spool.lost()).isEqualTo(2);

        spool.add(entry(INTERIM, "g"));
        assertThat(spool.lost()).as("no room for what says little").isEqualTo(3);
        spool.add(entry(STOP, "h"));
        assertThat(spool.size()).isEqualTo(4);
        assertThat(spool.take()).as("the oldest is gone").hasValue(stop);
    }
}

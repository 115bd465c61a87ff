package io.pptpoperator.protocol.ppp;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.protocol.ppp.Automaton.Event;
import io.pptpoperator.protocol.ppp.Automaton.State;
import io.pptpoperator.protocol.ppp.TransitionTable.Act;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TransitionTableTest {

    /** By the RFC's numbers. */
    private static final List<State> STATES = List.of(State.values());

    /** RFC 1661 section 4.1 as printed, states 0 to 9 from left to right. */
    // @formatter:off
    private static final String RFC_TABLE = """
             Up   |    2     irc,scr/6     -         -         -         -           -         -         -           -
             Down |    -         -         0       tls/1       0         1           1         1         1         tld/1
             Open |  tls/1       1     irc,scr/6     3r        5r        5r          6         7         8           9r
             Close|    0       tlf/0       2         2         4         4       irc,str/4 irc,str/4 irc,str/4 tld,irc,str/4
              TO+ |    -         -         -         -       str/4     str/5       scr/6     scr/6     scr/8         -
              TO- |    -         -         -         -       tlf/2     tlf/3       tlf/3p    tlf/3p    tlf/3p        -
             RCR+ |    -         -       sta/2 irc,scr,sca/8   4         5         sca/8   sca,tlu/9   sca/8   tld,scr,sca/8
             RCR- |    -         -       sta/2 irc,scr,scn/6   4         5         scn/6     scn/7     scn/6   tld,scr,scn/6
             RCA  |    -         -       sta/2     sta/3       4         5         irc/7     scr/6x  irc,tlu/9   tld,scr/6x
             RCN  |    -         -       sta/2     sta/3       4         5       irc,scr/6   scr/6x  irc,scr/8   tld,scr/6x
             RTR  |    -         -       sta/2     sta/3     sta/4     sta/5       sta/6     sta/6     sta/6   tld,zrc,sta/5
             RTA  |    -         -         2         3       tlf/2     tlf/3         6         6         8       tld,scr/6
             RUC  |    -         -       scj/2     scj/3     scj/4     scj/5       scj/6     scj/7     scj/8       scj/9
             RXJ+ |    -         -         2         3         4         5           6         6         8           9
             RXJ- |    -         -       tlf/2     tlf/3     tlf/2     tlf/3       tlf/3     tlf/3     tlf/3   tld,irc,str/5
             RXR  |    -         -         2         3         4         5           6         7         8         ser/9
            """;
    // @formatter:on

    static Stream<Arguments> cells() {
        List<Arguments> cells = new ArrayList<>();
        for (String row : RFC_TABLE.lines().toList()) {
            Event event = event(row.substring(0, row.indexOf('|')).trim());
            String[] columns = row.substring(row.indexOf('|') + 1).trim().split("\\s+", -1);
            assertThat(columns).hasSameSizeAs(STATES);
            for (int number = 0; number < columns.length; number++) {
                cells.add(Arguments.of(STATES.get(number), event, columns[number]));
            }
        }
        return cells.stream();
    }

    private static Event event(String printed) {
        return Event.valueOf(printed.toUpperCase(Locale.ROOT).replace("+", "_PLUS").replace("-", "_MINUS"));
    }

    @ParameterizedTest
    @MethodSource("cells")
    void cellIsAsPrinted(State state, Event event, String cell) {
        var transition = TransitionTable.of(state, event);
        if (cell.equals("-")) {
            assertThat(transition.possible()).isFalse();
            return;
        }
        String[] parts = cell.split("/", -1);
        List<Act> acts = parts.length == 1
                ? List.of()
                : Arrays.stream(parts[0].split(",")).map(act -> Act.valueOf(act.toUpperCase(Locale.ROOT))).toList();
        int next = parts[parts.length - 1].charAt(0) - '0';
        assertThat(transition.acts()).isEqualTo(acts);
        assertThat(transition.next()).isEqualTo(STATES.get(next));
    }

    @Test
    void everyStateAndEventIsCovered() {
        assertThat(cells()).hasSize(STATES.size() * Event.values().length);
    }
}

package io.pptpoperator.kubectl.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FindingsTest {

    private static final List<Finding> SOME = List.of(Finding.ok("PptpServer office", "clients can connect"),
            Finding.problem("203.0.113.1 port 1723", "nothing comes back", "a firewall", "another network")
                    .leadingTo(List.of("nobody can connect")));

    @Test
    void text() {
        assertThat(Findings.text(SOME)).isEqualTo("""
                ok       PptpServer office: clients can connect
                problem  203.0.113.1 port 1723: nothing comes back
                           - a firewall
                           - another network
                           so nobody can connect

                1 problem was found.
                """);
        assertThat(Findings.text(List.of())).isEqualTo("\nNothing was found that keeps clients out.\n");
    }

    @Test
    void json() {
        assertThat(Findings.json(SOME.subList(1, 2))).isEqualTo("""
                {
                  "ok" : false,
                  "findings" : [ {
                    "level" : "problem",
                    "subject" : "203.0.113.1 port 1723",
                    "found" : "nothing comes back",
                    "remedies" : [ "a firewall", "another network" ],
                    "consequences" : [ "nobody can connect" ]
                  } ]
                }
                """);
    }

    @Test
    void onlyProblemsMakeItFail() {
        assertThat(Findings.exitStatus(SOME)).isEqualTo(1);
        assertThat(Findings.exitStatus(List.of(Finding.warning("a", "b"), Finding.unknown("a", "b")))).isZero();
    }
}

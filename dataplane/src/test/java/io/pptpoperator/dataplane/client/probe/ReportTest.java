package io.pptpoperator.dataplane.client.probe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pptpoperator.dataplane.client.probe.Fact.TcpFailed.Trouble;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import io.pptpoperator.protocol.ppp.ccp.EncryptionPolicy;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A report as people and programs read it. */
class ReportTest {

    private static final ProbeAim AIM = new ProbeAim("vpn.example.net", 1723, true, List.of(AuthMethod.MSCHAPV2),
            EncryptionPolicy.REQUIRED);
    private static final Report REPORT = Diagnosis.of(AIM,
            Facts.NONE.and(7, new Fact.Resolved(Ipv4Address.parse("198.51.100.1")))
                    .and(99, new Fact.TcpFailed(Trouble.REFUSED, "Connection refused")));

    @Test
    void peopleReadALinePerPhaseAndWhatToDo() {
        assertThat(ReportText.line(REPORT.of(Phase.NAME))).matches("name +ok +7 ms +198\\.51\\.100\\.1");
        assertThat(ReportText.line(REPORT.of(Phase.TCP))).matches("tcp +failed +Connection refused");
        assertThat(ReportText.explanations(REPORT)).anyMatch(line -> line.startsWith("tcp failed. "))
                .anyMatch(line -> line.contains("error 800"))
                .anyMatch(line -> line.startsWith("  - "));
    }

    @Test
    void programsReadJson() throws JsonProcessingException {
        JsonNode json = new ObjectMapper().readTree(ReportJson.of(AIM, REPORT));
        assertThat(json.get("server").textValue()).isEqualTo("vpn.example.net");
        assertThat(json.get("ok").booleanValue()).isFalse();
        assertThat(json.get("exitStatus").intValue()).isEqualTo(Phase.TCP.exitStatus());
        assertThat(json.get("failed").textValue()).isEqualTo("tcp");
        assertThat(json.get("phases")).hasSize(Phase.values().length);
        JsonNode tcp = json.get("phases").get(1);
        assertThat(tcp.get("status").textValue()).isEqualTo("failed");
        assertThat(tcp.get("windowsError").get("code").intValue()).isEqualTo(800);
        assertThat(tcp.get("checks")).isNotEmpty();
        assertThat(json.get("phases").get(0).get("millis").longValue()).isEqualTo(7);
    }
}

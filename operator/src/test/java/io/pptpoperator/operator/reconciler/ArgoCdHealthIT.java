package io.pptpoperator.operator.reconciler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.pptpoperator.crds.VpnUserStatus.State;
import io.pptpoperator.operator.cluster.FakeDataPlane;
import io.pptpoperator.operator.cluster.Repository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What Argo CD says with deploy/examples/argocd of resources as the API server has them. Argo CD's Lua is a 5.1, and so
 * is the interpreter here.
 */
class ArgoCdHealthIT extends ClusterTest {

    private static final String INTERPRETER = "lua5.1";
    private static final Path EXAMPLE = Repository.root().resolve("deploy/examples/argocd/argocd-cm.yaml");

    @BeforeAll
    static void requireInterpreter() {
        boolean installed = Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, INTERPRETER)));
        String reason = INTERPRETER + " is not on PATH; install the package " + INTERPRETER;
        if (!installed && "true".equals(System.getenv("CI"))) {
            fail(reason);
        }
        Assumptions.assumeTrue(installed, reason);
    }

    @Test
    void whatNobodyHasLookedAtYetProgresses() throws Exception {
        applyServer("office", SMALLEST);
        applyUser("alice", "enabled: true");

        assertThat(health("PptpServer", "office")).isEqualTo("Progressing: the operator has not looked at it yet");
        assertThat(health("VpnUser", "alice")).isEqualTo("Progressing: the operator has not looked at it yet");
    }

    @Test
    void aServersHealthFollowsItsStatus() throws Exception {
        startOperator();
        applyServer("office", SMALLEST);
        awaitReady("office");
        assertThat(health("PptpServer", "office")).startsWith("Healthy: clients can connect to 203.0.113.");

        FakeDataPlane dataPlane = dataPlane("office-pptp-0");
        operator.close();
        applyServer("office", SMALLEST + ", dns: [9.9.9.9]");
        assertThat(health("PptpServer", "office")).as("its newest spec is not what the status is about")
                .isEqualTo("Progressing: the operator has not seen the newest spec yet");
        operator = newOperator(false);
        await(() -> dataPlane.configuration().server().network().dns().size() == 1);
        awaitHealth("PptpServer", "office", "Healthy: ");

        applyServer("office", SMALLEST + ", replicas: 0");
        awaitHealth("PptpServer", "office", "Suspended: spec.replicas is 0");
        applyServer("office", SMALLEST + ", replicas: 5");
        awaitHealth("PptpServer", "office", "Degraded: 4 of 5 pods are ready: .*no free ports");
        applyServer("office", SMALLEST + ", exclude: [10.8.0.0/24]");
        awaitHealth("PptpServer", "office", "Degraded: .*no address is left for clients");
    }

    @Test
    void aUsersHealthFollowsItsStatus() throws Exception {
        startOperator();
        applyServer("office", SMALLEST);
        applyUser("alice", "enabled: true");
        awaitState("alice", State.Disconnected);
        assertThat(health("VpnUser", "alice")).isEqualTo("Healthy: can log in at " + namespace + "/office");

        operator.close();
        applyUser("alice", "enabled: false");
        assertThat(health("VpnUser", "alice")).as("nobody has looked at it since, and it can still log in")
                .isEqualTo("Progressing: the operator has not seen the newest spec yet");
        operator = newOperator(false);
        awaitHealth("VpnUser", "alice", "Suspended: spec.enabled is false");
        applyUser("alice", "validUntil: '2026-01-01T00:00:00Z'");
        awaitHealth("VpnUser", "alice", "Suspended: spec.validUntil 2026-01-01T00:00:00Z has passed");
        applyUser("alice", "password: {secretKeyRef: {name: nowhere, key: password}}");
        awaitHealth("VpnUser", "alice", "Degraded: .*Secret nowhere");
    }

    private void awaitHealth(String kind, String name, String regex) {
        awaitAssertion(() -> assertThat(health(kind, name)).containsPattern("^(?:" + regex + ")"));
    }

    /** Status and message, as Argo CD would show them. */
    private String health(String kind, String name) throws IOException, InterruptedException {
        JsonNode object = new ObjectMapper()
                .readTree(cluster.kubectl("get", kind, name, "-n", namespace, "-o", "json"));
        String script = new YAMLMapper().readTree(EXAMPLE.toFile())
                .at("/data/resource.customizations.health.pptp-operator.io_" + kind)
                .asText();
        assertThat(script).isNotBlank();
        // Argo CD gives the resource as the global obj, and takes what the script returns.
        String program = "obj = " + lua(object) + "\nlocal health = (function()\n" + script
                + "\nend)()\nio.write(health.status, ': ', health.message)\n";
        Process interpreter = new ProcessBuilder(INTERPRETER, "-").redirectErrorStream(true).start();
        try (var input = interpreter.outputWriter(StandardCharsets.UTF_8)) {
            input.write(program);
        }
        String output = new String(interpreter.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(interpreter.waitFor()).as(output).isZero();
        return output;
    }

    /** The same value as a Lua expression; a list counts from 1, as Argo CD's do. */
    private static String lua(JsonNode value) {
        if (value.isObject()) {
            return value.properties()
                    .stream()
                    .map(it -> "[" + quoted(it.getKey()) + "] = " + lua(it.getValue()))
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        if (value.isArray()) {
            return StreamSupport.stream(value.spliterator(), false)
                    .map(ArgoCdHealthIT::lua)
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        return value.isTextual() ? quoted(value.asText()) : value.isNull() ? "nil" : value.asText();
    }

    private static String quoted(String text) {
        var quoted = new StringBuilder("\"");
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            quoted.append("\\%03d".formatted(octet & 0xff));
        }
        return quoted.append('"').toString();
    }
}

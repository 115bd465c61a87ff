package io.pptpoperator.kubectl.doctor;

import io.pptpoperator.crds.Authentication.Method;
import io.pptpoperator.crds.Encryption;
import io.pptpoperator.crds.Exposure;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.PptpServerStatus;
import io.pptpoperator.crds.PptpServerStatus.ServerAddress;
import io.pptpoperator.dataplane.client.probe.PhaseResult;
import io.pptpoperator.dataplane.client.probe.Report;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What keeps clients' packets from a server that works, and what of its settings clients cannot do. Pure. */
final class PathDiagnosis {

    private static final List<Ipv4Prefix> NOT_IN_THE_INTERNET = Stream
            .of("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16")
            .map(Ipv4Prefix::parse)
            .toList();

    private final ServerExam exam;
    private final PptpServer server;
    private final String subject;
    private final List<Finding> findings = new ArrayList<>();

    private PathDiagnosis(ServerExam exam) {
        this.exam = exam;
        server = exam.server();
        subject = "PptpServer " + server.getMetadata().getName();
    }

    /** What can be told without dialling. */
    static List<Finding> of(ServerExam exam) {
        var diagnosis = new PathDiagnosis(exam);
        diagnosis.addresses();
        diagnosis.greInTheCluster();
        diagnosis.greOnTheWay();
        diagnosis.clientsCapabilities();
        return diagnosis.findings;
    }

    /** How its addresses answer. */
    static List<Finding> dialled(ServerExam exam) {
        var diagnosis = new PathDiagnosis(exam);
        exam.reached().forEach(diagnosis::reach);
        return diagnosis.findings;
    }

    private void addresses() {
        List<ServerAddress> addresses = server.getStatus() == null ? List.of() : server.getStatus().addresses();
        boolean someInTheInternet = addresses.stream()
                .anyMatch(it -> !isPrivate(it.address()) || it.type() == PptpServerStatus.AddressType.Configured);
        if (!addresses.isEmpty() && !someInTheInternet) {
            findings.add(Finding.warning(subject,
                    "its addresses are private: "
                            + String.join(", ", addresses.stream().map(ServerAddress::address).distinct().toList()),
                    "clients outside need a router that forwards TCP 1723 and IP protocol 47 to one of them",
                    "what they dial then belongs into exposure.addresses"));
        }
    }

    private static boolean isPrivate(String address) {
        return address.matches("[0-9.]+")
                && NOT_IN_THE_INTERNET.stream().anyMatch(it -> it.contains(Ipv4Address.parse(address)));
    }

    private void reach(Reach reach) {
        String at = reach.address() + " port 1723";
        switch (reach.control()) {
            case ANSWERS -> {
                findings.add(Finding.ok(at, "a PPTP server answers within " + reach.millis() + " ms"));
                gre(reach);
            }
            case NO_PPTP ->
                findings.add(Finding.problem(at, "something answers, but no PPTP server takes the connection",
                        "is another program on the port? as root on the node: ss -ltnp sport = :1723",
                        "is the server being drained, or at limits.connectionsPerSource?"));
            case REFUSED -> findings.add(Finding.problem(at, "the host refuses the connection",
                    "is the pod on this node ready? kubectl get pods -o wide",
                    "is this the address of the node, or of a router that has to forward the port?"));
            case TIMED_OUT -> findings.add(Finding.problem(at, "nothing comes back",
                    "a firewall of the node, the cloud (security group) or a router: allow TCP 1723 and IP protocol 47",
                    "does this network let TCP 1723 out? try from another one"));
            case NO_ROUTE -> findings.add(Finding.problem(at, "there is no way there from this machine",
                    "is the address meant for another network than this one?"));
            case NOT_RESOLVED -> findings.add(Finding.problem(at, "the name does not resolve to an address",
                    "correct exposure.addresses, or the name server's entry"));
        }
    }

    private void gre(Reach reach) {
        String at = reach.address() + " GRE";
        if (reach.probe().isEmpty()) {
            findings.add(Finding.unknown(at,
                    "not tried: GRE (IP protocol 47) takes a raw socket, which needs root on Linux",
                    "on a Linux machine where clients are: sudo java -jar pptp-dataplane.jar probe " + reach.address(),
                    "or this command as root (sudo -E)"));
            return;
        }
        Report report = reach.probe().get();
        Optional<PhaseResult> failure = report.failure();
        if (failure.isEmpty()) {
            findings.add(Finding.ok(at, "a call gets through in both directions, up to the login"));
        } else {
            PhaseResult failed = failure.get();
            String meaning = failed.advice().map(it -> it.meaning()).orElse(failed.found());
            String windows = failed.advice()
                    .flatMap(it -> it.windows())
                    .map(error -> " (Windows: error " + error.code() + ")")
                    .orElse("");
            findings.add(new Finding(Finding.Level.PROBLEM, at,
                    "a call ends at " + failed.phase().label() + windows + ": " + meaning,
                    failed.advice().map(it -> it.checks()).orElse(List.of()), List.of()));
        }
    }

    private void greInTheCluster() {
        Exposure.Type exposure = server.getSpec().exposure().type();
        Network network = exam.network();
        if (exposure == Exposure.Type.PodNetwork) {
            if (network.isCilium() && !network.extendedProtocols().orElse(false)) {
                findings.add(Finding.problem(subject, "Cilium drops GRE between pods and the outside",
                        "set enable-extended-ip-protocols: \"true\" in Cilium's configuration and restart its agents",
                        "or choose exposure.type HostNetwork"));
            } else {
                findings.add(Finding.warning(subject,
                        "exposure.type PodNetwork works only where the network plugin"
                                + " routes GRE to the pod's address"
                                + network.plugin().map(it -> " (here: " + it + ")").orElse(""),
                        "docs/exposure.md lists plugins; HostNetwork works with all of them"));
            }
            exam.policies()
                    .forEach(policy -> findings.add(Finding.problem(subject,
                            "NetworkPolicy " + policy + " selects its pods, and a NetworkPolicy cannot let GRE through",
                            "narrow its podSelector down, or use the network plugin's own policies")));
        }
        if (exposure == Exposure.Type.HostNetwork && network.isCilium() && network.hostFirewall().orElse(false)) {
            findings.add(Finding.warning(subject,
                    "Cilium's host firewall is on; it drops GRE at nodes that its policies" + " select",
                    "leave the PPTP nodes out of the host policies"));
        }
    }

    private void greOnTheWay() {
        if (exam.silentCalls() > 0) {
            findings.add(Finding.warning(subject,
                    (exam.silentCalls() == 1 ? "1 call" : exam.silentCalls() + " calls")
                            + " of the last hour ended because nothing of the client's GRE arrived",
                    "a firewall in front of the nodes that allows TCP 1723, but not IP protocol 47",
                    "a router or load balancer that forwards the port only: GRE has none",
                    "the client's own router: PPTP passthrough"));
        }
    }

    private void clientsCapabilities() {
        List<Method> methods = server.getSpec().authentication().methods();
        Encryption encryption = server.getSpec().encryption();
        if (!methods.contains(Method.MSCHAPV2)) {
            findings.add(
                    Finding.warning(subject, "MSCHAPv2 is not among authentication.methods: Windows cannot encrypt,"
                            + " and by default does not connect", "add MSCHAPv2"));
        }
        if (encryption.policy() != Encryption.Policy.Off && !encryption.keyLengths().contains(128)) {
            findings.add(Finding.warning(subject,
                    "128 is not among encryption.keyLengths: Windows refuses shorter keys" + " (error 741 or 742)",
                    "add 128"));
        }
    }
}

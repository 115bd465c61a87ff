package io.pptpoperator.e2e;

import java.util.List;
import java.util.Map;

/** Every block of commands in the documentation, and how it is known to work. */
final class DocumentedCommands {

    /** What becomes of a block. */
    sealed interface Fate permits Run, Serve, Elsewhere {}

    /**
     * It is run.
     *
     * @param where in a fresh copy of the source tree, or where everything is built, with the cluster of the
     *     end-to-end tests
     * @param replaced words that stand for something of the reader's own
     * @param output a regular expression that the output has
     * @param status what it ends with
     */
    record Run(Place where, Map<String, String> replaced, String output, int status) implements Fate {}

    /**
     * It is run in a fresh copy of the source tree until it says that it serves.
     *
     * @param output a regular expression of that
     */
    record Serve(String output) implements Fate {}

    /**
     * It is not run as it stands.
     *
     * @param reason why not, and what shows that it works
     */
    record Elsewhere(String reason) implements Fate {}

    /** Where a block is run. */
    enum Place {
        COPY, CLUSTER
    }

    /** A block, found by its page and its beginning. */
    record Entry(String page, String beginning, Fate fate) {

        boolean isAbout(CommandBlock block) {
            return block.page().equals(page) && block.text().startsWith(beginning);
        }

        CommandBlock block() {
            return CommandBlock.all().stream().filter(this::isAbout).findFirst().orElseThrow();
        }

        @Override
        public String toString() {
            return page + ": " + beginning;
        }
    }

    /** What the stand-ins of Helm and Docker print, see {@link Reader}. */
    private static final String RENDERED = "kind: Deployment";
    private static final String BUILT = "(?s)would build \\w+.*would build \\w+";

    /** In an order in which they can be run one after the other. */
    static final List<Entry> ALL = List.of(
            // The first builds what it needs, and those after it what is still missing.
            serve("README.md", "sudo deploy/local/serve"), copy("README.md", "mvn -q", ""),
            serve("README.md", "sudo deploy/local/pptp-operator run"),
            copy("README.md", "deploy/local/pptp-operator import", "Usage: pptp-operator import"),
            copy("README.md", "for image in", BUILT), copy("README.md", "helm install", RENDERED),
            elsewhere("README.md", "sudo deploy/local/test", "runs this test, in CI"),
            elsewhere("README.md", "sudo deploy/local/packages test",
                    "LocalScriptsIT does, with a package manager that only writes down what it is asked"),
            copy("docs/CONTRIBUTING.md", "mvn -q -pl crds test", ""),
            elsewhere("docs/CONTRIBUTING.md", "sudo deploy/local/test", "runs this test, in CI"),
            elsewhere("docs/CONTRIBUTING.md", "sudo dataplane/benchmarks/run --only tunnels",
                    "takes minutes of a machine of its own; SoakIT tries the soak for seconds"),
            copy("docs/client.md", "mvn -q", ""), copy("docs/installation.md", "mvn -q", ""),
            copy("docs/installation.md", "docker build", BUILT, Map.of("REGISTRY", "registry.example.com", "TAG", "1")),
            copy("docs/installation.md",
                    "helm install pptp-operator deploy/helm/pptp-operator -n pptp-system --create-namespace \\",
                    RENDERED),
            copy("docs/installation.md",
                    "helm install pptp-operator deploy/helm/pptp-operator -n pptp-system --create-namespace  ",
                    RENDERED),
            elsewhere("docs/installation.md", "deploy/local/packages images",
                    "Node and Images run these scripts for every test here, beside which another such cluster would"
                            + " need the machine's address"),
            copy("docs/kubectl-plugin.md", "mvn -q", "", Map.of("/usr/local/bin", "$BIN")),
            copy("docs/kubectl-plugin.md", "source <(kubectl-pptp completion bash)", ""),
            copy("docs/kubectl-plugin.md", "source <(kubectl-pptp completion zsh)", ""),
            copy("docs/kubectl-plugin.md", "kubectl-pptp completion fish", ""),

            cluster("docs/installation.md", "kubectl apply --server-side -f deploy/crds.yaml -f deploy/install.yaml",
                    "deployment.apps/pptp-operator"),
            cluster("docs/installation.md", "kubectl create namespace vpn",
                    "(?s)narrow created.*narrow labeled.*kind: Role\n",
                    Map.of("namespace vpn", "namespace narrow", "-n vpn", "-n narrow")),
            cluster("README.md", "kubectl apply -f deploy/examples/smallest.yaml",
                    "(?s)office +True.*alice +.*rasdial 'office' 'alice' '\\w+'"),
            cluster("docs/troubleshooting.md", "kubectl get pptps,vpnu", "(?s)office +True.*Conditions:.*Serving PPTP",
                    Map.of("SERVER", "office")),
            cluster("docs/client.md", "sudo deploy/local/pptp probe", "pings answered",
                    Map.of("vpn.example.net", "$ADDRESS")),
            cluster("docs/exposure.md", "sudo deploy/local/pptp probe ADDRESS", "gre-back",
                    Map.of("ADDRESS", "$ADDRESS")),
            cluster("docs/radius.md", "kubectl create secret generic -n vpn radius",
                    "(?s)secret/radius created.*secret/radius labeled"),
            cluster("docs/kubectl-plugin.md", "kubectl annotate", "vpnuser.pptp-operator.io/alice annotated"),
            cluster("docs/kubectl-plugin.md", "kubectl create rolebinding",
                    "rolebinding.rbac.authorization.k8s.io/vpn-team created"),
            cluster("docs/security.md", "kubectl create rolebinding vpn-owners", "vpn-help-desk created"),
            new Entry("docs/security.md", "kubectl pptp password",
                    new Run(Place.CLUSTER, Map.of(), "alice is not connected", 1)),

            elsewhere("docs/client.md", "sudo deploy/local/pptp connect",
                    "leads all of a machine's traffic away; ConnectIT and ClientNetworkIT do that in namespaces"),
            elsewhere("docs/client.md", "sudo PPTP_PASSWORD=secret deploy/local/pptp load",
                    "wants a server with thousands of users; LoadIT has one"),
            elsewhere("docs/dataplane-configuration.md", "pptp-dataplane serve --config /etc/pptp --take-over",
                    "wants a server that runs with sessions; HandOverIT replaces one under real clients"),
            elsewhere("docs/upgrade.md", "kubectl delete -f crds.yaml",
                    "InstallationIT shows which of the two files has the CRDs"),
            elsewhere("docs/upgrade.md", "kubectl delete pptpservers",
                    "takes the operator away from the tests that follow; InstalledPartsIT removes one"),
            elsewhere("docs/releasing.md", "deploy/version",
                    "commits and tags; ReleaseRefusalTest does that in a repository of its own"),
            elsewhere("docs/releasing.md", "sudo deploy/local/packages release",
                    "is for a tagged commit, and runs all tests; ReleaseIT rehearses it with the checkout as it is"),
            elsewhere("docs/releasing.md", "cd /var/tmp/release",
                    "pushes to a registry; ReleaseIT takes the digests from the same archives"),
            elsewhere("docs/releasing.md", "sudo .ci/arm64/try",
                    "emulates a machine for minutes; the maintainer runs it before a release"));

    private DocumentedCommands() {}

    private static Entry copy(String page, String beginning, String output) {
        return copy(page, beginning, output, Map.of());
    }

    private static Entry copy(String page, String beginning, String output, Map<String, String> replaced) {
        return new Entry(page, beginning, new Run(Place.COPY, replaced, output, 0));
    }

    private static Entry cluster(String page, String beginning, String output) {
        return cluster(page, beginning, output, Map.of());
    }

    private static Entry cluster(String page, String beginning, String output, Map<String, String> replaced) {
        return new Entry(page, beginning, new Run(Place.CLUSTER, replaced, output, 0));
    }

    private static Entry serve(String page, String beginning) {
        return new Entry(page, beginning, new Serve("Serving PPTP"));
    }

    private static Entry elsewhere(String page, String beginning, String reason) {
        return new Entry(page, beginning, new Elsewhere(reason));
    }
}

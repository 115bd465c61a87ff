package io.pptpoperator.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every cell of the tables of rights in docs/security.md, asked of a real API server that has the roles and bindings of
 * the chart, installed in each of its three set-ups.
 */
class RightsIT {

    private static final List<String> COLUMNS = List.of("view", "edit", "admin", "server owner", "help desk",
            "operator (all)", "operator (named)", "operator (own)", "data plane", "Prometheus");
    private static final Pattern QUESTION = Pattern.compile("`([a-z]+) ([a-z]+(?:/[-a-z]+)?)`");
    private static final Map<String, String> GROUPS = Map.of("vpnusers", "pptp-operator.io", "pptpservers",
            "pptp-operator.io", "vpnprofiles", "pptp-operator.io", "statefulsets", "apps", "daemonsets", "apps",
            "rolebindings", "rbac.authorization.k8s.io", "leases", "coordination.k8s.io");

    private static final TestCluster CLUSTER = TestCluster.shared();
    private static final KubernetesClient CLIENT = CLUSTER.client();

    /** Watched by name. */
    private static String vpn;
    private static String elsewhere;
    /** The releases' namespaces, by set-up, each named like its release. */
    private static final List<String> RELEASES = new ArrayList<>();
    private static final List<HasMetadata> MADE = new ArrayList<>();

    /**
     * A cell.
     *
     * @param where which table: of the namespace with servers, of any other, or of the operator's
     * @param verb what is asked for
     * @param resource with a subresource or a name behind a slash
     */
    private record Cell(int where, String column, String verb, String resource, boolean allowed) {

        @Override
        public String toString() {
            return column + (allowed ? " may " : " may not ") + verb + " " + resource + " in "
                    + List.of("a namespace with servers", "any other namespace", "the operator's namespace").get(where);
        }
    }

    @BeforeAll
    static void install() throws IOException, InterruptedException {
        vpn = CLUSTER.newNamespace("rights-vpn");
        elsewhere = CLUSTER.newNamespace("rights-elsewhere");
        String other = CLUSTER.newNamespace("rights-branches");
        for (String watch : List.of("all", vpn + "," + other, "own")) {
            String release = CLUSTER.newNamespace("rights-operator");
            RELEASES.add(release);
            install(release, watch);
        }
        for (String role : List.of("view", "edit", "admin")) {
            bind(vpn, "ClusterRole", role, role);
        }
        bind(vpn, "ClusterRole", RELEASES.getFirst() + "-server-owner", "server owner");
        bind(RELEASES.getFirst(), "Role", RELEASES.getFirst() + "-sessions", "help desk");
        // The controller that aggregates roles, and the authorizer, follow a moment later.
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(
                        cells().stream().filter(Cell::allowed).filter(cell -> !isAllowed(cell)).toList())
                        .as("allowed by the table, and not by the cluster")
                        .isEmpty());
    }

    private static void install(String release, String watch) throws IOException, InterruptedException {
        String helm = run(List.of(Repository.root().resolve(".ci/tools/tool").toString(), "helm")).strip();
        String yaml = run(List.of(helm, "template", release,
                Repository.root().resolve("deploy/helm/pptp-operator").toString(), "--namespace", release,
                "--kube-version", "1.34.0", "--set-literal", "watch=" + watch, "--show-only", "templates/rbac.yaml"));
        for (HasMetadata object : CLIENT.load(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)))
                .items()) {
            MADE.add(CLIENT.resource(object).create());
        }
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("%s", command).isZero();
        return output;
    }

    private static void bind(String namespace, String kind, String role, String user) {
        CLIENT.resource(new RoleBindingBuilder().withNewMetadata()
                .withName(user.replace(' ', '-'))
                .withNamespace(namespace)
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", kind, role)
                .addNewSubject()
                .withApiGroup("rbac.authorization.k8s.io")
                .withKind("User")
                .withName(user)
                .endSubject()
                .build()).create();
    }

    @AfterAll
    static void remove() {
        MADE.forEach(it -> CLIENT.resource(it).delete());
        RELEASES.forEach(it -> CLIENT.namespaces().withName(it).delete());
        CLIENT.namespaces().withName(vpn).delete();
        CLIENT.namespaces().withName(elsewhere).delete();
        CLIENT.close();
    }

    @TestFactory
    List<DynamicTest> everyCellIsTrue() {
        return cells().stream()
                .map(cell -> dynamicTest(cell.toString(), () -> assertThat(isAllowed(cell)).isEqualTo(cell.allowed)))
                .toList();
    }

    @Test
    void theTablesAskEnough() {
        assertThat(cells()).hasSizeGreaterThan(300).extracting(Cell::column).contains(COLUMNS.toArray(String[]::new));
        assertThat(cells()).extracting(Cell::where).contains(0, 1, 2);
    }

    /** What the chart binds to nobody: nobody has it by being logged in. */
    @Test
    void peopleWithoutARoleMayNothing() {
        assertThat(cells().stream().map(it -> new Cell(it.where, "nobody", it.verb, it.resource, false)).distinct())
                .noneMatch(RightsIT::isAllowed);
    }

    private static List<Cell> cells() {
        var cells = new ArrayList<Cell>();
        int where = -1;
        for (String line : security()) {
            if (line.startsWith("| In ")) {
                where++;
                assertThat(columns(line).subList(1, COLUMNS.size() + 1)).isEqualTo(COLUMNS);
            } else if (where >= 0 && line.startsWith("| ")) {
                List<String> columns = columns(line);
                for (int i = 0; i < COLUMNS.size(); i++) {
                    assertThat(columns.get(i + 1)).as(line).isIn("", "yes");
                    addCells(cells, where, columns, i);
                }
            }
        }
        return cells;
    }

    private static void addCells(List<Cell> cells, int where, List<String> columns, int column) {
        QUESTION.matcher(columns.getFirst())
                .results()
                .forEach(it -> cells.add(new Cell(where, COLUMNS.get(column), it.group(1), it.group(2),
                        columns.get(column + 1).equals("yes"))));
    }

    private static List<String> columns(String line) {
        return Arrays.stream(line.substring(1, line.lastIndexOf('|')).split("\\|", -1)).map(String::strip).toList();
    }

    private static List<String> security() {
        try {
            return Files.readAllLines(Repository.root().resolve("docs/security.md"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isAllowed(Cell cell) {
        String release = switch (cell.column) {
            case "operator (named)" -> RELEASES.get(1);
            case "operator (own)" -> RELEASES.get(2);
            default -> RELEASES.getFirst();
        };
        String withServers = cell.column.equals("operator (own)") ? release : vpn;
        String namespace = List.of(withServers, elsewhere, release).get(cell.where);
        String user = switch (cell.column) {
            case "operator (all)", "operator (named)", "operator (own)" -> account(release, release);
            case "data plane" -> account(vpn, "office-pptp");
            case "Prometheus" -> account("monitoring", "prometheus");
            default -> cell.column;
        };
        String[] resource = cell.resource.split("/", 2);
        // RBAC's subresources are the API's; what stands behind a Secret or a Lease is its name.
        boolean named = resource.length > 1 && Set.of("secrets", "leases").contains(resource[0]);
        var review = new SubjectAccessReviewBuilder().withNewSpec()
                .withUser(user)
                .withGroups("system:authenticated")
                .withNewResourceAttributes()
                .withNamespace(resource[0].equals("nodes") ? "" : namespace)
                .withVerb(cell.verb)
                .withGroup(GROUPS.getOrDefault(resource[0], ""))
                .withResource(resource[0])
                .withSubresource(resource.length > 1 && !named ? resource[1] : "")
                .withName(resource[0].equals("namespaces") ? namespace : named ? resource[1] : "")
                .endResourceAttributes()
                .endSpec()
                .build();
        review.setMetadata(new ObjectMeta());
        return CLIENT.authorization().v1().subjectAccessReview().create(review).getStatus().getAllowed();
    }

    private static String account(String namespace, String name) {
        return "system:serviceaccount:" + namespace + ":" + name;
    }
}

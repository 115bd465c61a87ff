package io.pptpoperator.operator.cluster;

import io.fabric8.kubernetes.api.model.Binding;
import io.fabric8.kubernetes.api.model.BindingBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.NodeSpec;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.pptpoperator.operator.SecretTexts;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scheduler and kubelets of the pods in one namespace: gives each a node of its own, and starts a {@link FakeDataPlane}
 * with the mounted Secrets. Like a real kubelet it looks at a mounted Secret again when the pod changes; unlike one, it
 * never does so by itself, so that tests see whether the operator makes it look.
 */
public final class FakeNodes implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FakeNodes.class);
    private static final long RETRY_MILLIS = 500;
    private static final AtomicInteger NETWORKS = new AtomicInteger();

    private final KubernetesClient client;
    private final String namespace;
    private final List<String> nodes = new ArrayList<>();
    private final List<String> addresses = new ArrayList<>();
    private final Map<String, Running> running = new ConcurrentHashMap<>();
    private final ScheduledExecutorService kubelet = Executors
            .newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("fake-kubelet").factory());
    private volatile boolean withoutTun;
    private final Set<String> broken = ConcurrentHashMap.newKeySet();
    private final Set<String> unpullable = ConcurrentHashMap.newKeySet();
    private final AtomicInteger fewest = new AtomicInteger();
    private final SharedIndexInformer<Pod> pods;
    private volatile boolean cordoned;

    /** A pod's data plane. A pod that comes in the place of another has its name, but not its UID. */
    private record Running(String uid, FakeDataPlane dataPlane) {}

    /** Makes nodes, with loopback addresses of their own, and runs pods on them. */
    public FakeNodes(KubernetesClient client, String namespace, int count) {
        this.client = client;
        this.namespace = namespace;
        String network = Loopback.network() + NETWORKS.incrementAndGet() % 256 + ".";
        for (int i = 1; i <= count; i++) {
            addNode(namespace + "-node-" + i, network + i, "203.0.113." + i);
        }
        pods = client.pods().inNamespace(namespace).inform(new ResourceEventHandler<>() {
            @Override
            public void onAdd(Pod pod) {
                kubelet.execute(() -> sync(pod));
            }

            @Override
            public void onUpdate(Pod before, Pod pod) {
                kubelet.execute(() -> sync(pod));
            }

            @Override
            public void onDelete(Pod pod, boolean unknown) {
                kubelet.execute(() -> {
                    stop(pod);
                    scheduleWaiting();
                });
            }
        });
    }

    private void addNode(String name, String internal, String external) {
        nodes.add(name);
        addresses.add(internal);
        client.resource(new NodeBuilder().withNewMetadata().withName(name).endMetadata().build()).create();
        // The API server taints every new node as not ready.
        client.nodes().withName(name).edit(node -> new NodeBuilder(node).withSpec(new NodeSpec()).build());
        client.nodes()
                .withName(name)
                .editStatus(node -> new NodeBuilder(node).editOrNewStatus()
                        .addNewAddress()
                        .withType("InternalIP")
                        .withAddress(internal)
                        .endAddress()
                        .addNewAddress()
                        .withType("ExternalIP")
                        .withAddress(external)
                        .endAddress()
                        .endStatus()
                        .build());
    }

    private void sync(Pod stale) {
        try {
            Pod pod = client.pods().inNamespace(namespace).withName(stale.getMetadata().getName()).get();
            if (pod == null || !pod.getMetadata().getUid().equals(stale.getMetadata().getUid())) {
                return;
            }
            if (pod.getMetadata().getDeletionTimestamp() != null) {
                stop(pod);
                client.resource(pod).withGracePeriod(0).delete();
            } else if (pod.getSpec().getNodeName() == null) {
                schedule(pod);
            } else {
                run(pod);
            }
        } catch (RuntimeException | IOException e) {
            LOG.info("The fake kubelet failed with {}, and tries again: {}", stale.getMetadata().getName(),
                    e.toString());
            kubelet.schedule(() -> sync(stale), RETRY_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** Whoever found no free node tries again. */
    private void scheduleWaiting() {
        try {
            client.pods()
                    .inNamespace(namespace)
                    .list()
                    .getItems()
                    .stream()
                    .filter(pod -> pod.getSpec().getNodeName() == null)
                    .forEach(this::sync);
        } catch (KubernetesClientException e) {
            LOG.info("The fake scheduler failed: {}", e.toString());
        }
    }

    private void schedule(Pod pod) {
        Set<String> taken = client.pods()
                .inNamespace(namespace)
                .list()
                .getItems()
                .stream()
                .filter(it -> !isTrial(it))
                .map(it -> it.getSpec().getNodeName())
                .filter(it -> it != null)
                .collect(Collectors.toSet());
        Optional<String> free = wantedNode(pod).or(() -> nodes.stream().filter(it -> !taken.contains(it)).findFirst())
                .filter(node -> !cordoned);
        if (free.isPresent() && !taken.contains(free.get())) {
            Binding binding = new BindingBuilder().withNewMetadata()
                    .withName(pod.getMetadata().getName())
                    .withNamespace(namespace)
                    .endMetadata()
                    .withNewTarget()
                    .withApiVersion("v1")
                    .withKind("Node")
                    .withName(free.get())
                    .endTarget()
                    .build();
            client.bindings().inNamespace(namespace).resource(binding).create();
        } else if (pod.getStatus().getConditions().isEmpty()) {
            setStatus(pod,
                    it -> it.editOrNewStatus()
                            .addToConditions(new PodConditionBuilder().withType("PodScheduled")
                                    .withStatus("False")
                                    .withReason("Unschedulable")
                                    .withMessage("0/" + nodes.size() + " nodes are available: no free ports")
                                    .build())
                            .endStatus());
        }
    }

    /** The node that the DaemonSet controller has chosen. */
    private static Optional<String> wantedNode(Pod pod) {
        return Optional.ofNullable(pod.getSpec().getAffinity())
                .map(it -> it.getNodeAffinity())
                .map(it -> it.getRequiredDuringSchedulingIgnoredDuringExecution())
                .flatMap(it -> it.getNodeSelectorTerms()
                        .stream()
                        .flatMap(term -> term.getMatchFields().stream())
                        .findFirst())
                .map(field -> field.getValues().getFirst());
    }

    /** From now on no node has {@code /dev/net/tun}: a new pod's volume cannot be mounted, as kubelets put it. */
    public void loseTun() {
        withoutTun = true;
    }

    private void failToMount(Pod pod) {
        String name = pod.getMetadata().getName() + ".tun";
        if (client.v1().events().inNamespace(namespace).withName(name).get() != null) {
            return;
        }
        client.resource(new EventBuilder().withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .endMetadata()
                .withNewInvolvedObject()
                .withKind("Pod")
                .withNamespace(namespace)
                .withName(pod.getMetadata().getName())
                .withUid(pod.getMetadata().getUid())
                .endInvolvedObject()
                .withType("Warning")
                .withReason("FailedMount")
                .withMessage("MountVolume.SetUp failed for volume \"tun\" : hostPath type check failed: /dev/net/tun is"
                        + " not a character device")
                .build()).create();
    }

    /** From now on no node gets this image. */
    public void failToPull(String image) {
        unpullable.add(image);
    }

    /** From now on no pod with this image becomes ready: it ends again and again, for a while already. */
    public void failToRun(String image) {
        broken.add(image);
    }

    private void breakDown(Pod pod) {
        setStatus(pod,
                it -> it.editOrNewStatus()
                        .withPhase("Running")
                        .withContainerStatuses(new ContainerStatusBuilder().withName("pptp")
                                .withReady(false)
                                .withImage("pptp")
                                .withImageID("pptp")
                                .withRestartCount(3)
                                .withNewState()
                                .withNewTerminated()
                                .withExitCode(1)
                                .endTerminated()
                                .endState()
                                .build())
                        .withConditions(new PodConditionBuilder().withType("Ready")
                                .withStatus("False")
                                .withLastTransitionTime(Instant.now().minusSeconds(60).toString())
                                .build())
                        .endStatus());
    }

    /** It can be had again; kubelets find out when they try again. */
    public void allowToPull(String image) {
        unpullable.remove(image);
        client.pods().inNamespace(namespace).list().getItems().forEach(pod -> kubelet.execute(() -> sync(pod)));
    }

    /** Whether a pod only tries an image. */
    private static boolean isTrial(Pod pod) {
        return pod.getMetadata().getOwnerReferences().stream().anyMatch(it -> it.getKind().equals("PptpServer"));
    }

    private void tryImage(Pod pod) {
        String image = pod.getSpec().getContainers().getFirst().getImage();
        if ("Succeeded".equals(pod.getStatus().getPhase())) {
            return;
        }
        var container = new ContainerStatusBuilder().withName(pod.getSpec().getContainers().getFirst().getName())
                .withReady(false)
                .withImage(image)
                .withRestartCount(0);
        if (unpullable.contains(image)) {
            setStatus(pod,
                    it -> it.editOrNewStatus()
                            .withContainerStatuses(container.withImageID("")
                                    .withNewState()
                                    .withNewWaiting()
                                    .withReason("ErrImagePull")
                                    .withMessage("failed to resolve reference \"" + image + "\": not found")
                                    .endWaiting()
                                    .endState()
                                    .build())
                            .endStatus());
        } else {
            setStatus(pod,
                    it -> it.editOrNewStatus()
                            .withPhase("Succeeded")
                            .withContainerStatuses(container.withImageID(image)
                                    .withNewState()
                                    .withNewTerminated()
                                    .withExitCode(0)
                                    .withReason("Completed")
                                    .endTerminated()
                                    .endState()
                                    .build())
                            .endStatus());
        }
    }

    private void run(Pod pod) throws IOException {
        if (isTrial(pod)) {
            tryImage(pod);
            return;
        }
        String name = pod.getMetadata().getName();
        if (broken.contains(pod.getSpec().getContainers().getFirst().getImage())) {
            if (pod.getStatus().getContainerStatuses().isEmpty()) {
                breakDown(pod);
            }
            return;
        }
        if (withoutTun) {
            failToMount(pod);
            return;
        }
        Map<String, String> files = mounted(pod, "configuration");
        String member = pod.getMetadata().getOwnerReferences().getFirst().getKind().equals("DaemonSet")
                ? pod.getSpec().getNodeName()
                : name;
        if (!files.containsKey(member + ".yaml")) {
            return;
        }
        Running before = running.get(name);
        if (before != null && before.uid.equals(pod.getMetadata().getUid())) {
            before.dataPlane.update(files);
            return;
        }
        if (before != null) {
            end(name);
        }
        String address = client.nodes()
                .withName(pod.getSpec().getNodeName())
                .get()
                .getStatus()
                .getAddresses()
                .getFirst()
                .getAddress();
        int port = pod.getSpec().getContainers().getFirst().getPorts().getLast().getContainerPort();
        running.put(name, new Running(pod.getMetadata().getUid(),
                new FakeDataPlane(member, address, port, files, mounted(pod, "admin-tls"))));
        setStatus(pod,
                it -> it.editOrNewStatus()
                        .withPhase("Running")
                        .withPodIP(address)
                        .withHostIP(address)
                        .withContainerStatuses(new ContainerStatusBuilder().withName("pptp")
                                .withReady(true)
                                .withImage("pptp")
                                .withImageID("pptp")
                                .withRestartCount(0)
                                .build())
                        .withConditions(new PodConditionBuilder().withType("Ready")
                                .withStatus("True")
                                .withLastTransitionTime(Instant.now().toString())
                                .build())
                        .endStatus());
    }

    private Map<String, String> mounted(Pod pod, String volume) {
        String secretName = pod.getSpec()
                .getVolumes()
                .stream()
                .filter(it -> it.getName().equals(volume))
                .findFirst()
                .orElseThrow()
                .getSecret()
                .getSecretName();
        Secret secret = client.secrets().inNamespace(namespace).withName(secretName).get();
        return secret == null ? new TreeMap<>() : SecretTexts.of(secret);
    }

    private void setStatus(Pod pod, UnaryOperator<PodBuilder> change) {
        for (int attempt = 1;; attempt++) {
            try {
                client.pods()
                        .inNamespace(namespace)
                        .withName(pod.getMetadata().getName())
                        .editStatus(it -> change.apply(new PodBuilder(it)).build());
                return;
            } catch (KubernetesClientException e) {
                if (e.getCode() != 409 || attempt == 10) {
                    throw e;
                }
            }
        }
    }

    private void stop(Pod pod) {
        Running ending = running.get(pod.getMetadata().getName());
        if (ending != null && ending.uid.equals(pod.getMetadata().getUid())) {
            end(pod.getMetadata().getName());
        }
    }

    private void end(String name) {
        Running ended = running.remove(name);
        fewest.accumulateAndGet(running.size(), Math::min);
        ended.dataPlane.close();
    }

    /** Begins to count for {@link #fewestDataPlanes()}. */
    public void countFewest() {
        fewest.set(running.size());
    }

    /** How many data planes ran at the worst moment since {@link #countFewest()}. */
    public int fewestDataPlanes() {
        return fewest.get();
    }

    /** The data plane of a pod, when it runs. */
    public Optional<FakeDataPlane> dataPlane(String pod) {
        return Optional.ofNullable(running.get(pod)).map(Running::dataPlane);
    }

    /** All running data planes by their pods' names. */
    public Map<String, FakeDataPlane> dataPlanes() {
        var all = new TreeMap<String, FakeDataPlane>();
        running.forEach((pod, it) -> all.put(pod, it.dataPlane));
        return all;
    }

    /** Takes no further pods; those that are there run on. */
    public void cordon() {
        cordoned = true;
    }

    /** The nodes' internal addresses. */
    public List<String> addresses() {
        return List.copyOf(addresses);
    }

    @Override
    public void close() {
        pods.close();
        kubelet.shutdownNow();
        running.values().forEach(it -> it.dataPlane.close());
        nodes.forEach(node -> client.nodes().withName(node).delete());
    }
}

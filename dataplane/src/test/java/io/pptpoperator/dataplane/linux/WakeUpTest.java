package io.pptpoperator.dataplane.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Wake-ups, waiting and pinning need no privileges. */
class WakeUpTest {

    @Test
    void signalsWakeOnceUntilDrained() {
        try (EventFd wakeUp = new EventFd()) {
            Poller poller = new Poller(1);
            int slot = poller.add(wakeUp.fd(), Poller.READABLE);
            assertThat(poller.await(0)).isZero();
            assertThat(poller.readable(slot)).isFalse();
            wakeUp.signal();
            wakeUp.signal();
            assertThat(poller.await(-1)).isEqualTo(1);
            assertThat(poller.readable(slot)).isTrue();
            assertThat(poller.failed(slot)).isFalse();
            assertThat(wakeUp.drain()).isTrue();
            assertThat(wakeUp.drain()).isFalse();
            assertThat(poller.await(1_000_000)).isZero();
            assertThatThrownBy(() -> poller.add(wakeUp.fd(), 0)).hasMessageContaining("room for 1 descriptors");
        }
    }

    @Test
    void interestChangesWithoutACall() {
        try (EventFd wakeUp = new EventFd()) {
            Poller poller = new Poller(1);
            int slot = poller.add(wakeUp.fd(), Poller.READABLE);
            poller.interest(slot, Poller.WRITABLE);
            assertThat(poller.await(-1)).isEqualTo(1);
            assertThat(poller.readable(slot)).isFalse();
        }
    }

    @Test
    void aClosedDescriptorIsReportedAsFailed() {
        EventFd wakeUp = new EventFd();
        Poller poller = new Poller(1);
        int slot = poller.add(wakeUp.fd(), Poller.READABLE);
        wakeUp.close();
        wakeUp.close();
        assertThat(wakeUp.fd()).isEqualTo(-1);
        assertThat(poller.await(0)).isEqualTo(1);
        assertThat(poller.failed(slot)).isTrue();
    }

    @Test
    void anInterruptedWaitOfAnotherThreadIsWokenBySignal() throws InterruptedException {
        try (EventFd wakeUp = new EventFd()) {
            Poller poller = new Poller(1);
            poller.add(wakeUp.fd(), Poller.READABLE);
            Thread waiter = Thread.ofPlatform().start(() -> poller.await(-1));
            wakeUp.signal();
            waiter.join();
            assertThat(waiter.isAlive()).isFalse();
        }
    }

    @Test
    void aThreadRunsOnTheCpuItIsPinnedTo() throws InterruptedException {
        List<Integer> allowed = CpuAffinity.allowed();
        assertThat(allowed).isNotEmpty();
        Thread pinned = Thread.ofPlatform().start(() -> {
            assertThat(CpuAffinity.pinCurrentThread(allowed.get(0))).isZero();
            assertThat(CpuAffinity.allowed()).containsExactly(allowed.get(0));
        });
        pinned.join();
        assertThat(CpuAffinity.pinCurrentThread(-1)).isEqualTo(-Errno.EINVAL);
        assertThat(CpuAffinity.pinCurrentThread(4095)).isEqualTo(-Errno.EINVAL);
        assertThat(CpuAffinity.allowed()).isEqualTo(allowed);
    }

    @Test
    void errorsHaveNames() {
        assertThat(Errno.describe(Errno.EPERM)).isEqualTo("EPERM, operation not permitted");
        assertThat(Errno.name(4095)).isEqualTo("errno 4095");
        LinuxException exception = new LinuxException("ioctl(TUNSETIFF)", Errno.EBUSY, "pptpd0 is taken");
        assertThat(exception).hasMessage("pptpd0 is taken [ioctl(TUNSETIFF): EBUSY, in use]");
        assertThat(exception.errno()).isEqualTo(Errno.EBUSY);
    }
}

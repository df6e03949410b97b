package io.rackmark.engine.decoder.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackmark.engine.decoder.cuda.CudaDriver.Answer;
import org.junit.jupiter.api.Test;

class CudaDriverTest {

    @Test
    void absentLibraryIsAMissingDriver() {
        assertThat(CudaDriver.ask("libno-such-driver.so.1"))
                .isEqualTo(
                        new Answer.None(
                                "there is no NVIDIA driver here: no libno-such-driver.so.1"));
    }

    @Test
    void libraryOfSomethingElseIsNotTakenForTheDriver() {
        String name = System.mapLibraryName("jvm");
        String path = System.getProperty("java.home") + "/lib/server/" + name;
        assertThat(CudaDriver.ask(path))
                .isEqualTo(new Answer.None(path + " has no cuInit, so it is not NVIDIA's driver"));
    }

    @Test
    void thisMachineIsAnsweredForInOneOfTwoWays() {
        switch (CudaDriver.ask()) {
            case Answer.Gpus(var gpus) -> assertThat(gpus).isNotEmpty();
            case Answer.None(String reason) -> assertThat(reason).contains("NVIDIA driver");
        }
    }
}

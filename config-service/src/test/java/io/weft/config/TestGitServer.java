package io.weft.config;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;
import org.eclipse.jgit.http.server.GitServlet;
import org.eclipse.jgit.lib.Repository;
import org.jspecify.annotations.Nullable;

/** A real Git server over HTTP on loopback, which can go away and come back on its port. */
final class TestGitServer implements AutoCloseable {

    private final Repository repository;
    private final Path work;
    private final String userAndPassword;
    private final AtomicInteger requests = new AtomicInteger();
    private int port;
    private @Nullable Tomcat tomcat;

    TestGitServer(Repository repository, Path work, String userAndPassword) {
        this.repository = repository;
        this.work = work;
        this.userAndPassword = userAndPassword;
    }

    void start() {
        try {
            Tomcat started = new Tomcat();
            started.setBaseDir(work.toString());
            started.setPort(port);
            started.getConnector().setProperty("address", "127.0.0.1");
            Context context = started.addContext("", null);
            GitServlet servlet = new GitServlet();
            servlet.setRepositoryResolver((request, name) -> {
                repository.incrementOpen();
                return repository;
            });
            Tomcat.addServlet(context, "git", servlet);
            context.addServletMappingDecoded("/*", "git");
            FilterDef authentication = new FilterDef();
            authentication.setFilterName("authentication");
            authentication.setFilter(new Authentication());
            context.addFilterDef(authentication);
            FilterMap everything = new FilterMap();
            everything.setFilterName("authentication");
            everything.addURLPattern("/*");
            context.addFilterMap(everything);
            started.start();
            port = started.getConnector().getLocalPort();
            tomcat = started;
        } catch (LifecycleException e) {
            throw new IllegalStateException(e);
        }
    }

    private final class Authentication extends HttpFilter {

        @Override
        protected void doFilter(
                HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            requests.incrementAndGet();
            String expected =
                    "Basic "
                            + Base64.getEncoder()
                                    .encodeToString(
                                            userAndPassword.getBytes(StandardCharsets.UTF_8));
            if (expected.equals(request.getHeader("Authorization"))) {
                chain.doFilter(request, response);
            } else {
                response.setHeader("WWW-Authenticate", "Basic realm=\"git\"");
                response.sendError(401);
            }
        }
    }

    int port() {
        return port;
    }

    int requests() {
        return requests.get();
    }

    void stop() {
        Tomcat running = tomcat;
        tomcat = null;
        if (running != null) {
            try {
                running.stop();
                running.destroy();
            } catch (LifecycleException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Override
    public void close() {
        stop();
    }
}

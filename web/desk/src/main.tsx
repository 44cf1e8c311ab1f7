import "@kit/tokens.css";
import "@kit/base.css";
import { onSessionLost } from "@kit/client";
import { SpeechProvider } from "@kit/i18n";
import { startAppearance } from "@kit/theme";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import { catalogues } from "./i18n";
import { retryable } from "./session/retry";
import { SESSION_KEY } from "./session/session";

startAppearance();

const queries = new QueryClient({
  defaultOptions: { queries: { staleTime: 30_000, retry: retryable, refetchOnWindowFocus: false } },
});

// The session ended meanwhile: back to the door, drafts stay in the browser.
onSessionLost(() => queries.setQueryData(SESSION_KEY, null));

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <SpeechProvider catalogues={catalogues}>
        <QueryClientProvider client={queries}>
          <App />
        </QueryClientProvider>
      </SpeechProvider>
    </StrictMode>,
  );
}

import { Route, Switch } from "wouter";
import { MenuEditor } from "./MenuEditor";
import { MenusPage } from "./MenusPage";
import { PromptsPage } from "./PromptsPage";

/** Menus and lines, one menu, prompts. */
export default function MenusRoutes() {
  return (
    <Switch>
      <Route path="/menus">
        <MenusPage />
      </Route>
      <Route path="/menus/-/prompts">
        <PromptsPage />
      </Route>
      <Route path="/menus/:id">{({ id }) => <MenuEditor key={id} id={id} />}</Route>
    </Switch>
  );
}
